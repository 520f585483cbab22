using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Sam.Crds;

/// <summary>A length of time as a string such as <c>30m</c> or <c>1h30m</c>; units are h, m and s.</summary>
/// <param name="Value">The length.</param>
[JsonConverter(typeof(DurationJsonConverter))]
public readonly partial record struct Duration(TimeSpan Value)
{
    /// <summary>What the schema accepts; five digits a unit, so that no text overflows.</summary>
    public const string Pattern = "^([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?$";

    /// <summary>Reads a text such as <c>1h30m</c>.</summary>
    /// <exception cref="FormatException">The text is empty or of another form.</exception>
    public static Duration Parse(string text)
    {
        var match = Form().Match(text);
        if (text.Length == 0 || !match.Success)
            throw new FormatException($"'{text}' is not a duration such as 30m or 1h30m");
        return new Duration(new TimeSpan(Part(match, "h"), Part(match, "m"), Part(match, "s")));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var hours = (long)Value.TotalHours;
        var text =
            (hours > 0 ? $"{hours}h" : "")
            + (Value.Minutes > 0 ? $"{Value.Minutes}m" : "")
            + (Value.Seconds > 0 ? $"{Value.Seconds}s" : "");
        return text.Length == 0 ? "0s" : text;
    }

    private static int Part(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan[..^1], CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        "^(?<h>[0-9]{1,5}h)?(?<m>[0-9]{1,5}m)?(?<s>[0-9]{1,5}s)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Form();
}

/// <summary>Reads and writes <see cref="Duration"/> as its text.</summary>
public sealed class DurationJsonConverter : JsonConverter<Duration>
{
    /// <inheritdoc/>
    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Duration.Parse(reader.GetString() ?? "");
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
