using System.Formats.Tar;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Docker;

namespace Sam.Unit.Tests.Docker;

public sealed class MachineLinksTests
{
    private static readonly FakeTimeProvider s_time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly OperatorIdentity s_identity = OperatorIdentity.Parse(
        OperatorIdentity.Create("test", s_time.GetUtcNow())
    );

    [Fact]
    public void A_machine_has_one_link_until_it_has_another_address()
    {
        using var links = Links();

        var first = links.For(new MachineEndpoint("m-1", "192.0.2.1"));

        Assert.Same(first, links.For(new MachineEndpoint("m-1", "192.0.2.1")));
        Assert.NotSame(first, links.For(new MachineEndpoint("m-1", "192.0.2.2")));
        Assert.Equal(1, links.Count);
    }

    [Fact]
    public async Task A_machine_that_is_gone_leaves_no_link_though_somebody_asks_again()
    {
        using var links = Links();
        var before = links.For(new MachineEndpoint("m-1", "192.0.2.1"));

        links.Forget("m-1");
        var after = links.For(new MachineEndpoint("m-1", "192.0.2.1"));

        Assert.Equal(0, links.Count);
        foreach (var link in (IMachineLink[])[before, after])
        {
            var fault = await Assert.ThrowsAsync<EngineException>(() => link.PingAsync(TestContext.Current.CancellationToken));
            Assert.Equal(EngineErrorKind.Unreachable, fault.Kind);
            Assert.Contains("closed", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_machine_that_is_made_again_under_its_id_has_a_link_again()
    {
        using var links = Links();
        links.Forget("m-1");

        links.Expect("m-1");
        links.For(new MachineEndpoint("m-1", "192.0.2.1"));

        Assert.Equal(1, links.Count);
    }

    [Fact]
    public void What_is_remembered_of_machines_that_are_gone_is_bounded()
    {
        using var links = Links();

        for (var number = 0; number < 1001; number++)
            links.Forget($"m-{number}");
        links.For(new MachineEndpoint("m-0", "192.0.2.1"));
        links.For(new MachineEndpoint("m-1", "192.0.2.1"));

        Assert.Equal(1, links.Count);
    }

    [Fact]
    public async Task A_file_that_is_put_into_a_container_is_for_its_owner_alone()
    {
        using var archive = await FileArchive.PackAsync(
            "token",
            new EngineFile("/x/token", "secret"u8.ToArray()),
            s_time.GetUtcNow(),
            TestContext.Current.CancellationToken
        );
        await using var reader = new TarReader(archive);

        var entry = await reader.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken);

        Assert.Equal(("token", UnixFileMode.UserRead | UnixFileMode.UserWrite), (entry!.Name, entry.Mode));
    }

    private static DockerMachineLinks Links() =>
        new(new EngineIdentity(RandomNumberGenerator.GetBytes(32)), () => s_identity, new MachineLinkOptions(), s_time);
}
