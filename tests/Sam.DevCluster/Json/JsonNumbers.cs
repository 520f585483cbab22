using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.DevCluster.Json;

/// <summary>Numbers in JSON nodes, whatever .NET type stands behind them.</summary>
internal static class JsonNumbers
{
    public static JsonNode FromDouble(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 9e15 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    public static bool TryInteger(this JsonNode? node, out long value)
    {
        value = 0;
        if (node is not JsonValue number || number.GetValueKind() != JsonValueKind.Number)
            return false;
        if (number.TryGetValue(out value))
            return true;
        if (number.TryGetValue<int>(out var small))
        {
            value = small;
            return true;
        }
        return false;
    }

    public static bool TryNumber(this JsonNode? node, out double value)
    {
        if (node.TryInteger(out var integer))
        {
            value = integer;
            return true;
        }
        value = 0;
        return node is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue(out value);
    }

    /// <summary>A number that is no integer to Go, as its <c>%v</c> prints it: large ones with an exponent.</summary>
    public static string RealText(double value)
    {
        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (exponent is >= -4 and < 6)
            return plain;
        var digits = plain.Split('E')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0').TrimEnd('0');
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return $"{(value < 0 ? "-" : "")}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    /// <summary>A number as Go's <c>%v</c> prints it.</summary>
    public static string Text(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e21
            ? value.ToString("F0", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
}
