using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Operator.Installation;

namespace Sam.Unit.Tests.Hetzner;

/// <summary>What every order of an account shares: a key that nobody has, and firewalls that change without a gap.</summary>
public sealed class SuppliesTests
{
    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("fedcba9876543210")]
    [InlineData("a")]
    public void The_placeholder_is_a_valid_key_of_OpenSSH_and_its_own_for_each_installation(string installation)
    {
        var words = PlaceholderKey.Of(installation).Split(' ');
        var blob = Convert.FromBase64String(words[1]);
        var parts = Parts(blob);

        // The import refuses a point that is not on the curve.
        using var key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = parts[2][1..33], Y = parts[2][33..] },
            }
        );

        Assert.Equal(("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", "nistp256"), (words[0], Text(parts[0]), Text(parts[1])));
        Assert.Equal((65, 4), (parts[2].Length, parts[2][0]));
        Assert.Equal(256, key.KeySize);
        Assert.NotEqual(PlaceholderKey.Of(installation + "x"), PlaceholderKey.Of(installation));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7/32")]
    [InlineData("203.0.113.7/28", "203.0.113.0/28")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("2001:DB8::1", "2001:db8::1/128")]
    [InlineData("2001:db8:0:0::1/64", "2001:db8::/64")]
    public void Addresses_are_written_as_the_provider_does(string source, string written) =>
        Assert.Equal(written, Sources.Canonical(source));

    [Fact]
    public void While_rules_change_both_sets_are_let_in_and_nothing_goes_out_by_a_strangers_rule()
    {
        var both = FirewallPlan.Union(
            [new("tcp", "2376", ["198.51.100.1/32"]), new("out tcp", "25", ["0.0.0.0/0"])],
            [new("tcp", "2376", ["203.0.113.9/32"]), new("icmp", null, ["0.0.0.0/0"])]
        );

        Assert.Equal<FirewallRule>(
            [new("tcp", "2376", ["198.51.100.1/32", "203.0.113.9/32"]), new("icmp", null, ["0.0.0.0/0"])],
            both
        );
    }

    [Fact]
    public async Task A_shared_answer_is_asked_for_once_and_again_after_a_fault_or_when_forgotten()
    {
        var asked = 0;
        var shared = new SharedAnswer<int>(TimeProvider.System);
        Task<int> Ask() => ++asked == 1 ? Task.FromException<int>(new IOException("no")) : Task.FromResult(asked);
        Task<int> GetAsync() => shared.GetAsync(TimeSpan.MaxValue, Ask, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<IOException>(GetAsync);
        var (second, third) = (await GetAsync(), await GetAsync());
        shared.Forget();

        Assert.Equal((2, 2, 3), (second, third, await GetAsync()));
    }

    private static List<byte[]> Parts(byte[] blob)
    {
        var parts = new List<byte[]>();
        for (var at = 0; at < blob.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(blob.AsSpan(at));
            parts.Add(blob[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }

        return parts;
    }

    private static string Text(byte[] part) => Encoding.ASCII.GetString(part);
}
