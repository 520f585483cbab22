using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Dns;
using Sam.Testing;

namespace Sam.Unit.Tests.ComposeApps;

/// <summary>What the steps VerifyHosts, PublishDns and WithdrawDns decide with.</summary>
public sealed class HostProofRulesTests
{
    [Theory]
    [InlineData("apps.example", "apps.example", false)]
    [InlineData("a.b.apps.example", "apps.example", false)]
    [InlineData("notapps.example", "apps.example", true)]
    [InlineData("a.apps.example", null, true)]
    public void A_host_is_foreign_unless_it_is_the_domain_or_below_it(string host, string? domain, bool foreign)
    {
        Assert.Equal(foreign, HostProof.IsForeign(host, domain));
    }

    [Fact]
    public void A_host_is_proven_by_its_own_record_or_that_of_a_parent_of_two_labels()
    {
        Assert.Equal(
            ["_sam-verification.a.b.shop.example", "_sam-verification.b.shop.example", "_sam-verification.shop.example"],
            HostProof.RecordsOf("a.b.shop.example")
        );
        Assert.Equal(["_sam-verification.intranet"], HostProof.RecordsOf("intranet"));
    }

    [Fact]
    public void The_value_is_one_for_a_domain_and_another_for_another_namespace_installation_or_domain()
    {
        var value = HostProof.ValueOf("one", "demo", "www.shop.example");

        Assert.Matches("^sam-verification=[0-9a-f]{32}$", value);
        Assert.Equal(value, HostProof.ValueOf("one", "demo", "shop.example"));
        Assert.DoesNotContain(
            value,
            (string[])
                [
                    HostProof.ValueOf("two", "demo", "shop.example"),
                    HostProof.ValueOf("one", "other", "shop.example"),
                    HostProof.ValueOf("one", "demo", "shop.test"),
                ]
        );
    }

    [Theory]
    [InlineData("2001:db8:1::/64", "2001:db8:1::1")]
    [InlineData("2001:db8:1::7", "2001:db8:1::7")]
    [InlineData(null, null)]
    [InlineData("192.0.2.1", null)]
    public void The_servers_address_is_the_first_of_its_network(string? network, string? address)
    {
        Assert.Equal(address, AppRecords.FirstOf(network));
    }

    [Fact]
    public void Records_follow_the_nodes_addresses()
    {
        var app = A.App().With(shop => shop.Status.Routes = [Route("b.test"), Route("a.test"), Route("a.test")]);
        var node = A.Node().With(edge => edge.Status.PublicIPv4 = "192.0.2.1");

        var before = AppRecords.TextOf(AppRecords.Of(app, node));
        (node.Status.PublicIPv4, node.Status.PublicIPv6) = ("192.0.2.2", "2001:db8::/64");
        var after = AppRecords.TextOf(AppRecords.Of(app, node));

        Assert.Equal("a.test 60 A 192.0.2.1\nb.test 60 A 192.0.2.1", before);
        Assert.Equal(
            "a.test 60 A 192.0.2.2\na.test 60 AAAA 2001:db8::1\nb.test 60 A 192.0.2.2\nb.test 60 AAAA 2001:db8::1",
            after
        );
    }

    private static RouteStatus Route(string host) => new() { Name = host, Host = host };
}
