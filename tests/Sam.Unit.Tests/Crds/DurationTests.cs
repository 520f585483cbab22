using System.Text.Json;
using System.Text.RegularExpressions;
using Sam.Crds;

namespace Sam.Unit.Tests.Crds;

public sealed class DurationTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("90m", 5400)]
    [InlineData("0s", 0)]
    public void Reads_hours_minutes_and_seconds(string text, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5d")]
    [InlineData("1m1h")]
    [InlineData("999999h")]
    [InlineData("99999999999999s")]
    public void Refuses_every_other_text_in_JSON_too(string text)
    {
        Assert.Throws<FormatException>(() => Duration.Parse(text));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Duration>($"\"{text}\""));
    }

    [Theory]
    [InlineData("1h2m3s")]
    [InlineData("90m")]
    [InlineData("0s")]
    public void Reads_back_what_it_writes_and_writes_what_the_schema_accepts(string text)
    {
        var written = Duration.Parse(text).ToString();

        Assert.Equal(Duration.Parse(text), Duration.Parse(written));
        Assert.Matches(new Regex(Duration.Pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), written);
    }
}
