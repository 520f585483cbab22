using System.Text;

namespace Sam.DevCluster.Json;

/// <summary>What Go says about JSON that does not parse, for the common faults.</summary>
internal static class GoJsonFault
{
    public static string Describe(ReadOnlySpan<byte> json, string otherwise)
    {
        var text = Encoding.UTF8.GetString(json).TrimEnd();
        if (IsOpen(text))
            return "unexpected end of JSON input";
        var start = text.AsSpan().TrimStart();
        foreach (var literal in new[] { "true", "false", "null" })
        {
            if (start.Length == 0 || start[0] != literal[0])
                continue;
            var same = start.CommonPrefixLength(literal);
            if (same < literal.Length)
                return $"invalid character '{start[same]}' in literal {literal} (expecting '{literal[same]}')";
        }
        return start.Length > 0 && !"{[\"-0123456789tfn".Contains(start[0])
            ? $"invalid character '{start[0]}' looking for beginning of value"
            : otherwise;
    }

    private static bool IsOpen(string text)
    {
        var depth = 0;
        var inText = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (inText && text[at] == '\\')
                at++;
            else if (text[at] == '"')
                inText = !inText;
            else if (!inText && text[at] is '{' or '[')
                depth++;
            else if (!inText && text[at] is '}' or ']')
                depth--;
        }
        return text.Length == 0 || inText || depth > 0;
    }
}
