using System.Text;
using Sam.DevCluster.Json;

namespace Sam.Unit.Tests.DevCluster;

public sealed class GoJsonFaultTests
{
    [Theory]
    [InlineData("""{"a":}""", "invalid character '}' looking for beginning of value")]
    [InlineData("""{"a":1,}""", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{'a':1}", @"invalid character '\'' looking for beginning of object key string")]
    [InlineData("""{"a":1} more""", "invalid character 'm' after top-level value")]
    [InlineData("[1 2]", "invalid character '2' after array element")]
    [InlineData("nope", "invalid character 'o' in literal null (expecting 'u')")]
    [InlineData("\"a\tb\"", @"invalid character '\t' in string")]
    [InlineData("""{"a":[1""", "unexpected end of JSON input")]
    [InlineData("", "unexpected end of JSON input")]
    [InlineData("""{"a":[1.5e3,"\u00e4",null,-0]} """, null)]
    public void A_fault_is_told_in_the_words_of_go(string json, string? expected)
    {
        var fault = GoJsonFault.Find(Encoding.UTF8.GetBytes(json));

        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("2020-01-01T00:00:05.5Z", true, null, "cannot parse \".5Z\" as \".000000\"")]
    [InlineData("yesterday", true, null, "cannot parse \"yesterday\" as \"2006\"")]
    [InlineData("2020-13-01T00:00:05Z", false, null, "month out of range")]
    [InlineData("2020-01-01T02:00:05.123456+02:00", true, "2020-01-01T00:00:05.123456Z", null)]
    [InlineData("2020-01-01T00:00:05.9Z", false, "2020-01-01T00:00:05Z", null)]
    public void Moments_are_read_and_written_as_go_does(string text, bool isMicro, string? written, string? why)
    {
        var (found, fault) = GoTimes.Read(text, isMicro);

        Assert.Equal(written, found);
        Assert.EndsWith(why ?? "", fault ?? "", StringComparison.Ordinal);
        Assert.Equal(why is null, fault is null);
    }
}
