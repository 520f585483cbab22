using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Hetzner;
using Sam.Simulators.Hetzner;

namespace Sam.Integration.Tests.Hetzner;

/// <summary>The client against the simulator over real sockets, with virtual time on the simulator's side.</summary>
public sealed class HetznerClientTests : IAsyncLifetime
{
    private static readonly HetznerToken s_token = new(HetznerSimulatorOptions.DefaultToken);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private HetznerSimulator _simulator = null!;
    private HetznerClients _clients = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IHetzner Hetzner => _clients.For(s_token);

    public async ValueTask InitializeAsync()
    {
        _simulator = await HetznerSimulator.StartAsync(new HetznerSimulatorOptions { TimeProvider = _time }, Cancellation);
        _clients = Clients(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Rents_a_server_sees_it_run_and_sees_it_go()
    {
        var created = Assert.IsType<CreateOutcome.Created>(await Hetzner.CreateServerAsync(Request("m1"), Cancellation));
        var id = created.Server.Id;
        Assert.Equal(ServerStatus.Initializing, created.Server.Status);
        Assert.IsType<DeleteOutcome.Locked>(await Hetzner.DeleteServerAsync(id, Cancellation));

        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(HetznerActionStatus.Success, (await Hetzner.GetActionAsync(created.ActionId, Cancellation))!.Status);
        Assert.Equal(ServerStatus.Starting, (await Hetzner.GetServerAsync(id, Cancellation))!.Status);
        _time.Advance(TimeSpan.FromSeconds(5));
        var running = (await Hetzner.GetServerAsync(id, Cancellation))!;
        Assert.Equal(
            (ServerStatus.Running, "203.0.113.1", "cx23", "fsn1"),
            (running.Status, running.PublicIPv4, running.ServerType, running.Location)
        );

        Assert.IsType<DeleteOutcome.Deleted>(await Hetzner.DeleteServerAsync(id, Cancellation));
        Assert.Equal(ServerStatus.Deleting, (await Hetzner.GetServerAsync(id, Cancellation))!.Status);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await Hetzner.GetServerAsync(id, Cancellation));
        Assert.IsType<DeleteOutcome.Gone>(await Hetzner.DeleteServerAsync(id, Cancellation));
    }

    [Fact]
    public async Task Switches_a_server_off_and_on()
    {
        var id = await RunningAsync("m1");

        await Hetzner.PowerOffAsync(id, Cancellation);
        var busy = await Assert.ThrowsAsync<HetznerException>(() => Hetzner.PowerOnAsync(id, Cancellation));
        _time.Advance(TimeSpan.FromSeconds(3));
        var off = (await Hetzner.GetServerAsync(id, Cancellation))!.Status;
        await Hetzner.PowerOnAsync(id, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(3));
        var on = (await Hetzner.GetServerAsync(id, Cancellation))!.Status;

        Assert.Equal((HetznerErrorKind.Conflict, ServerStatus.Off, ServerStatus.Running), (busy.Kind, off, on));
    }

    [Fact]
    public async Task Lists_every_page_of_what_the_selector_matches()
    {
        for (var i = 0; i < 120; i++)
        {
            var labels = new Dictionary<string, string>
            {
                ["managed-by"] = "sam",
                ["sam-installation"] = i < 110 ? "one" : "two",
            };
            Assert.IsType<CreateOutcome.Created>(
                await Hetzner.CreateServerAsync(Request($"m{i}") with { Labels = labels }, Cancellation)
            );
        }

        var servers = await Hetzner.ListServersAsync(HetznerLabels.SelectorFor("one"), Cancellation);

        Assert.Equal(110, servers.Select(server => server.Id).Distinct().Count());
        Assert.Equal(110, servers.Select(server => server.PublicIPv4).Distinct().Count());
        Assert.Equal(3, _simulator.Calls()["GET /servers 200"]);
    }

    [Theory]
    [InlineData("a=1", 2)]
    [InlineData("a==1,b", 1)]
    [InlineData("a!=1", 2)]
    [InlineData("!b", 3)]
    [InlineData("a in (1,2),!b", 2)]
    [InlineData("a notin (1, 2)", 1)]
    [InlineData("example.com/x=y", 1)]
    public async Task Selects_by_the_documented_language(string selector, int count)
    {
        Dictionary<string, string>[] labels =
        [
            new() { ["a"] = "1", ["b"] = "" },
            new() { ["a"] = "1" },
            new() { ["a"] = "2" },
            new() { ["example.com/x"] = "y" },
        ];
        foreach (var (set, i) in labels.Select((set, i) => (set, i)))
        {
            await Hetzner.CreateServerAsync(Request($"m{i}") with { Labels = set }, Cancellation);
        }

        var servers = await Hetzner.ListServersAsync(selector, Cancellation);

        Assert.Equal(count, servers.Count);
    }

    [Fact]
    public async Task Refuses_what_the_real_one_refuses()
    {
        async Task<CreateOutcome> Try(Func<CreateServerRequest, CreateServerRequest> change) =>
            await Hetzner.CreateServerAsync(change(Request("m1")), Cancellation);

        Assert.Equal("name", Assert.IsType<CreateOutcome.Rejected>(await Try(r => r with { Name = "under_score" })).Path);
        Assert.Equal("server_type", Assert.IsType<CreateOutcome.Rejected>(await Try(r => r with { ServerType = "cx999" })).Path);
        Assert.Equal("location", Assert.IsType<CreateOutcome.Rejected>(await Try(r => r with { Location = "mars1" })).Path);
        Assert.Equal("image", Assert.IsType<CreateOutcome.Rejected>(await Try(r => r with { Image = "windows" })).Path);
        Assert.Equal("ssh_keys", Assert.IsType<CreateOutcome.Rejected>(await Try(r => r with { SshKeys = ["nobody"] })).Path);
        Assert.Equal("firewalls", Assert.IsType<CreateOutcome.Rejected>(await Try(r => r with { Firewalls = [7] })).Path);
        Assert.IsType<CreateOutcome.Rejected>(await Try(r => r with { ServerType = "cax11", Image = "debian-13" }));
        Assert.IsType<CreateOutcome.Rejected>(
            await Try(r => r with { Labels = new Dictionary<string, string> { ["hetzner.cloud/x"] = "" } })
        );
        Assert.IsType<CreateOutcome.NoCapacity>(await Try(r => r with { Location = "ash" }));
        Assert.IsType<CreateOutcome.Created>(await Try(r => r));
        Assert.IsType<CreateOutcome.NameTaken>(await Try(r => r));
        Assert.Equal(1, _simulator.ServersCreated());
    }

    [Fact]
    public async Task Adopts_a_stored_key_only_by_its_material()
    {
        var labels = new Dictionary<string, string> { ["managed-by"] = "sam" };
        const string One = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";
        const string Two = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC";
        var first = await Hetzner.EnsureSshKeyAsync("k", One + " me@host", labels, Cancellation);

        var again = await Hetzner.EnsureSshKeyAsync("other-name", One, labels, Cancellation);
        var stranger = await Assert.ThrowsAsync<HetznerException>(() =>
            Hetzner.EnsureSshKeyAsync("k", Two, labels, Cancellation)
        );
        await Hetzner.DeleteSshKeyAsync(first.Id, Cancellation);

        Assert.Equal(first.Id, again.Id);
        Assert.Equal(HetznerCodes.UniquenessError, stranger.Code);
        Assert.Empty(await Hetzner.ListSshKeysAsync(labelSelector: null, Cancellation));
    }

    [Fact]
    public async Task Keeps_projects_and_tokens_apart()
    {
        _simulator.Know(new SimulatedToken("other", "elsewhere"));
        _simulator.Know(new SimulatedToken("reader", "default", ReadOnly: true));
        await RunningAsync("m1");

        var elsewhere = await _clients.For(new HetznerToken("other")).CreateServerAsync(Request("m1"), Cancellation);
        var reader = _clients.For(new HetznerToken("reader"));
        var refused = await Assert.ThrowsAsync<HetznerException>(() => reader.CreateServerAsync(Request("m2"), Cancellation));
        var unknown = await Assert.ThrowsAsync<HetznerException>(() =>
            _clients.For(new HetznerToken("nobody")).ProbeAsync(Cancellation)
        );

        Assert.IsType<CreateOutcome.Created>(elsewhere);
        Assert.Single(await reader.ListServersAsync("", Cancellation));
        Assert.Equal((HetznerErrorKind.Unauthorized, HetznerCodes.TokenReadOnly), (refused.Kind, refused.Code));
        Assert.Equal((HetznerErrorKind.Unauthorized, HetznerCodes.Unauthorized), (unknown.Kind, unknown.Code));
    }

    [Fact]
    public async Task Knows_what_is_sold_where_and_for_how_much()
    {
        var types = await Hetzner.ListServerTypesAsync(Cancellation);
        var locations = await Hetzner.ListLocationsAsync(Cancellation);
        var images = await Hetzner.ListImagesAsync("docker-ce", CpuArchitecture.Arm, Cancellation);

        var cx23 = types.Single(type => type.Name == "cx23");
        Assert.Equal((2, 4m, 40, CpuArchitecture.X86), (cx23.Cores, cx23.MemoryGb, cx23.DiskGb, cx23.Architecture));
        Assert.Equal(["fsn1", "nbg1", "hel1"], cx23.Prices.Select(price => price.Location));
        Assert.All(cx23.Prices, price => Assert.True(price is { HourlyNet: > 0 and < 1, MonthlyNet: > 0 }));
        Assert.Equal(6, locations.Count);
        Assert.Equal(CpuArchitecture.Arm, Assert.Single(images).Architecture);
    }

    [Fact]
    public async Task Stops_reading_before_the_budget_is_spent_and_goes_on_as_it_refills()
    {
        await using var small = await HetznerSimulator.StartAsync(
            new HetznerSimulatorOptions { TimeProvider = _time, RateLimit = 10 },
            Cancellation
        );
        using var clients = new HetznerClients(new HetznerOptions { Endpoint = small.Endpoint }, _time);
        var hetzner = clients.For(s_token);
        for (var i = 0; i < 7; i++)
        {
            await hetzner.ProbeAsync(Cancellation);
        }

        var refused = await Assert.ThrowsAsync<HetznerException>(() => hetzner.ProbeAsync(Cancellation));
        _time.Advance(refused.RetryAfter!.Value);
        await hetzner.ProbeAsync(Cancellation);

        Assert.Equal((HetznerErrorKind.RateLimited, HetznerCodes.ClientBudget), (refused.Kind, refused.Code));
        Assert.DoesNotContain(small.Calls(), call => call.Key.EndsWith("429", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HetznerFaults.LostAnswer, HetznerErrorKind.Transient, true)]
    [InlineData(HetznerFaults.HalfBody, HetznerErrorKind.Transient, true)]
    [InlineData(HetznerFaults.WrongShape, HetznerErrorKind.Unknown, true)]
    [InlineData(HetznerFaults.Aborted, HetznerErrorKind.Transient, false)]
    [InlineData(HetznerFaults.ServerError, HetznerErrorKind.Transient, false)]
    [InlineData(HetznerFaults.HtmlPage, HetznerErrorKind.Transient, false)]
    public async Task Warns_that_a_failed_create_may_have_made_a_server(string fault, HetznerErrorKind kind, bool made)
    {
        _simulator.Faults.Play(new HetznerFault(fault) { Method = "POST", Count = 1 });

        var failure = await Assert.ThrowsAsync<HetznerException>(() => Hetzner.CreateServerAsync(Request("m1"), Cancellation));

        Assert.Equal((kind, true), (failure.Kind, failure.MayHaveTakenEffect));
        Assert.Equal(made ? 1 : 0, _simulator.ServersCreated());
        Assert.Equal(made ? 1 : 0, (await Hetzner.ListServersAsync("managed-by=sam", Cancellation)).Count);
    }

    [Fact]
    public async Task Ends_a_create_as_the_refusal_says()
    {
        _simulator.Faults.Play(new HetznerFault(HetznerFaults.Capacity) { ServerType = "cx23", Location = "fsn1" });

        var refused = await Hetzner.CreateServerAsync(Request("m1"), Cancellation);
        var next = await Hetzner.CreateServerAsync(Request("m1") with { Location = "nbg1" }, Cancellation);
        _simulator.Faults.Play(new HetznerFault(HetznerFaults.Quota));
        var quota = await Hetzner.CreateServerAsync(Request("m2") with { Location = "nbg1" }, Cancellation);

        Assert.Equal(HetznerCodes.ResourceUnavailable, Assert.IsType<CreateOutcome.NoCapacity>(refused).Code);
        Assert.IsType<CreateOutcome.Created>(next);
        Assert.IsType<CreateOutcome.Quota>(quota);
    }

    [Fact]
    public async Task Plays_a_server_that_never_boots_and_an_action_that_fails()
    {
        _simulator.Faults.Play(new HetznerFault(HetznerFaults.NeverBoots) { Count = 1 });
        var stuck = Assert.IsType<CreateOutcome.Created>(await Hetzner.CreateServerAsync(Request("m1"), Cancellation));
        _simulator.Faults.Play(new HetznerFault(HetznerFaults.ActionFails) { Command = "create_server", Count = 1 });
        var failing = Assert.IsType<CreateOutcome.Created>(await Hetzner.CreateServerAsync(Request("m2"), Cancellation));
        _time.Advance(TimeSpan.FromDays(1));

        var action = await Hetzner.GetActionAsync(failing.ActionId, Cancellation);
        var statuses = (await Hetzner.ListServersAsync("", Cancellation)).Select(server => server.Status);
        var delete = await Hetzner.DeleteServerAsync(stuck.Server.Id, Cancellation);

        Assert.Equal((HetznerActionStatus.Error, "action_failed"), (action!.Status, action.ErrorCode));
        Assert.Equal([ServerStatus.Initializing, ServerStatus.Initializing], statuses);
        Assert.IsType<DeleteOutcome.Deleted>(delete);
    }

    [Fact]
    public async Task Gives_up_on_a_slow_answer_by_its_own_clock()
    {
        using var hasty = Clients(TimeSpan.FromMilliseconds(100));
        _simulator.Faults.Play(new HetznerFault(HetznerFaults.Slow) { Delay = TimeSpan.FromHours(1), Count = 1 });

        var failure = await Assert.ThrowsAsync<HetznerException>(() => hasty.For(s_token).ProbeAsync(Cancellation));

        Assert.Equal(HetznerCodes.ClientTimeout, failure.Code);
    }

    private HetznerClients Clients(TimeSpan timeout) =>
        new(new HetznerOptions { Endpoint = _simulator.Endpoint, RequestTimeout = timeout }, TimeProvider.System);

    private async Task<long> RunningAsync(string name)
    {
        var created = Assert.IsType<CreateOutcome.Created>(await Hetzner.CreateServerAsync(Request(name), Cancellation));
        _time.Advance(TimeSpan.FromSeconds(12));
        return created.Server.Id;
    }

    private static CreateServerRequest Request(string name) =>
        new()
        {
            Name = name,
            ServerType = "cx23",
            Location = "fsn1",
            Image = "docker-ce",
            UserData = "#cloud-config\n",
            Labels = new Dictionary<string, string> { ["managed-by"] = "sam" },
        };
}
