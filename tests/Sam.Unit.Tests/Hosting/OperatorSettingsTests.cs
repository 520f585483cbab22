using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Sam.Operator.Hosting;

namespace Sam.Unit.Tests.Hosting;

public sealed class OperatorSettingsTests
{
    [Theory]
    [InlineData("Sam:HealthPort", "0", "Sam:HealthPort: ", "between 1 and 65535")]
    [InlineData("Sam:HealthAddress", "nowhere", "Sam:HealthAddress: ", "no IP address")]
    [InlineData("Sam:Namespace", "Not A Name", "Sam:Namespace: ", "regular expression")]
    [InlineData("Sam:HetznerEndpoint", "file:///etc", "Sam:HetznerEndpoint: ", "http or https")]
    [InlineData("Sam:EngineSources:0", "everywhere", "Sam:EngineSources:0: ", "203.0.113.0/28")]
    [InlineData("Sam:Hetzner:PageSize", "51", "Sam:Hetzner:PageSize: ", "between 1 and 50")]
    [InlineData("Sam:Hetzner:MaxPages", "0", "Sam:Hetzner:MaxPages: ", "between 1 and 10000")]
    [InlineData("Sam:Hetzner:RequestTimeout", "00:00:00", "Sam:Hetzner:RequestTimeout: ", "between 00:00:01 and 00:05:00")]
    [InlineData("Sam:Hetzner:Endpoint", "http://elsewhere.test/", "Sam:Hetzner:Endpoint: ", "set Sam:HetznerEndpoint instead")]
    [InlineData("Sam:Engines:ConnectTimeout", "00:01:00", "Sam:Engines: ", "ConnectTimeout must be below PingTimeout")]
    [InlineData("Sam:Machines:PingInterval", "00:00:00", "Sam:Machines:PingInterval: ", "between 00:00:01 and 00:05:00")]
    public void A_value_out_of_its_range_ends_the_start_by_its_name(string key, string value, string name, string range)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => OperatorSettings.Read(Configuration((key, value))));

        var failure = Assert.Single(fault.Failures);
        Assert.StartsWith(name, failure, StringComparison.Ordinal);
        Assert.Contains(range, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var fault = Assert.Throws<OptionsValidationException>(() =>
            OperatorSettings.Read(
                Configuration(("Sam:HealthPort", "0"), ("Sam:Hetzner:PageSize", "0"), ("Sam:Engines:BackOffStart", "0"))
            )
        );

        Assert.Equal(3, fault.Failures.Count());
    }

    [Theory]
    [InlineData("Sam:HealthPort", "many")]
    [InlineData("Sam:HelthPort", "8081")]
    public void A_value_of_another_type_and_a_name_that_is_none_end_the_start(string key, string value)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => OperatorSettings.Read(Configuration((key, value))));

        Assert.Contains(key.Split(':')[^1], fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_set_is_taken_and_what_is_not_has_its_default()
    {
        var options = OperatorSettings.Read(
            Configuration(
                ("Sam:Hetzner:PageSize", "25"),
                ("Sam:Engines:CallTimeout", "00:00:40"),
                ("Sam:EngineSources:0", "10.0.0.0/8")
            )
        );

        Assert.Equal((25, 100), (options.Hetzner.PageSize, options.Hetzner.MaxPages));
        Assert.Equal(TimeSpan.FromSeconds(40), options.Engines.CallTimeout);
        Assert.Equal(["10.0.0.0/8"], options.EngineSources);
        Assert.Empty(OperatorSettings.Problems(new OperatorOptions()));
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value))
            .Build();
}
