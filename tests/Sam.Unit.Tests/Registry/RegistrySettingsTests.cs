using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Sam.Operator.Hosting;
using Sam.Operator.Registry;

namespace Sam.Unit.Tests.Registry;

public sealed class RegistrySettingsTests
{
    [Theory]
    [InlineData("Trusted:0:Host", "https://registry.test/", "Sam:Registry:Trusted:0:Host: 'https://registry.test/' is no host")]
    [InlineData("Trusted:0:Repositories", "apps/", "Sam:Registry:Trusted:0:Repositories: 'apps/' has to end with {namespace}/")]
    [InlineData("Trusted:0:Repositories", "{namespace}-x/", "has to end with {namespace}/")]
    [InlineData("Trusted:1:Host", "registry.test", "Host 'registry.test' is there 2 times")]
    [InlineData("TokenLifetime", "02:00:00", "Sam:Registry:TokenLifetime: ")]
    [InlineData("MintsPerWindow", "0", "Sam:Registry:MintsPerWindow: ")]
    [InlineData("RotateEvery", "00:10:00", "Sam:Registry:RotateEvery: ")]
    [InlineData("Endpoint:Address", "nowhere", "Sam:Registry:Endpoint:Address: 'nowhere' is no IP address")]
    [InlineData("Endpoint:CertificateFile", "/tls.crt", "CertificateFile and KeyFile go together")]
    [InlineData("Endpoint:Port", "70000", "Sam:Registry:Endpoint:Port: ")]
    public void What_cannot_work_ends_the_start_by_its_name(string key, string value, string told)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Read(("Trusted:0:Host", "registry.test"), (key, value)));

        Assert.Contains(fault.Failures, failure => failure.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void Logins_never_cross_the_network_in_the_clear()
    {
        (string, string)[] open =
        [
            ("Trusted:0:Host", "registry.test"),
            ("Endpoint:Port", "8082"),
            ("Endpoint:Address", "0.0.0.0"),
        ];

        var fault = Assert.Throws<OptionsValidationException>(() => Read(open));
        var served = Read([.. open, ("Endpoint:CertificateFile", "/tls.crt"), ("Endpoint:KeyFile", "/tls.key")]);

        Assert.Contains("in the clear at 0.0.0.0", Assert.Single(fault.Failures), StringComparison.Ordinal);
        Assert.Equal(8082, served.Endpoint.Port);
    }

    [Fact]
    public void A_registry_is_its_host_and_a_namespace_the_first_segment_unless_said_otherwise()
    {
        var registry = Assert.Single(Read(("Trusted:0:Host", "registry.test:5000")).Trusted);
        var said = Assert.Single(
            Read(
                ("Trusted:0:Host", "10.0.0.5:5000"),
                ("Trusted:0:Service", "images"),
                ("Trusted:0:Repositories", "apps/{namespace}/"),
                ("Trusted:0:Keys", "Thumbprint")
            ).Trusted
        );

        Assert.Equal(
            ("registry.test:5000", "{namespace}/", KeyReference.Certificate),
            (registry.Audience, registry.Repositories, registry.Keys)
        );
        Assert.Equal(("images", KeyReference.Thumbprint), (said.Audience, said.Keys));
    }

    private static RegistryOptions Read(params (string Key, string Value)[] values)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (key, value) in values)
            settings["Sam:Registry:" + key] = value;
        return OperatorSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).Registry;
    }
}
