namespace Sam.Compose.Rules;

/// <summary>RFC 1123 host names, lower case.</summary>
public static class HostNames
{
    /// <summary>Null when it is a host name, else what is wrong, as half a sentence.</summary>
    public static string? Fault(string host)
    {
        if (host.Length is 0 or > 253)
            return "it must have 1 to 253 characters";
        if (host.Any(char.IsAsciiLetterUpper))
            return "write it in lower case";
        foreach (var label in host.Split('.'))
        {
            if (label.Length is 0 or > 63)
                return "each part between dots must have 1 to 63 characters";
            if (!label.All(symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol == '-'))
                return "use only letters, digits, hyphens and dots (no port, no wildcard)";
            if (label.StartsWith('-') || label.EndsWith('-'))
                return "no part may start or end with a hyphen";
        }
        return host.Split('.')[^1].All(char.IsAsciiDigit) ? "an IP address cannot be a route's host" : null;
    }
}
