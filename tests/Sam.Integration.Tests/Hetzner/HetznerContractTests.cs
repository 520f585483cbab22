using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Hetzner;
using Sam.Simulators.Hetzner;

namespace Sam.Integration.Tests.Hetzner;

/// <summary>Every request the client sends and every answer the simulator gives, held against Hetzner's own document.</summary>
public sealed partial class HetznerContractTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_and_simulator_keep_the_official_document()
    {
        var contract = await LoadAsync();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        await using var simulator = await HetznerSimulator.StartAsync(
            new HetznerSimulatorOptions { TimeProvider = time },
            Cancellation
        );
        using var judge = new Judge(contract);
        using var clients = new HetznerClients(new HetznerOptions { Endpoint = simulator.Endpoint }, time, observer: null, judge);
        var hetzner = clients.For(new HetznerToken(HetznerSimulatorOptions.DefaultToken));

        await EveryCallAsync(hetzner, simulator, time);

        Assert.Empty(judge.Problems);
        Assert.True(judge.Judged > 20, $"{judge.Judged} calls judged");
    }

    [Theory]
    [InlineData("servers?status=running&sort=name:desc&per_page=1")]
    [InlineData("datacenters")]
    [InlineData("datacenters/4")]
    [InlineData("pricing")]
    [InlineData("server_types/114")]
    [InlineData("locations/1")]
    [InlineData("images/40093247")]
    [InlineData("volumes")]
    [InlineData("firewalls")]
    [InlineData("networks")]
    [InlineData("placement_groups")]
    [InlineData("primary_ips")]
    [InlineData("floating_ips")]
    [InlineData("actions/1")]
    [InlineData("ssh_keys/1")]
    [InlineData("volumes/1")]
    [InlineData("firewalls/1")]
    [InlineData("networks/1")]
    [InlineData("primary_ips/1")]
    [InlineData("servers?label_selector=((")]
    public async Task Simulator_answers_other_reads_as_documented(string path)
    {
        var contract = await LoadAsync();
        await using var simulator = await HetznerSimulator.StartAsync(cancellationToken: Cancellation);
        using var judge = new Judge(contract);
        using var http = new HttpClient(judge);
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {HetznerSimulatorOptions.DefaultToken}");

        using var response = await http.GetAsync(new Uri(simulator.Endpoint, path), Cancellation);

        Assert.Empty(judge.Problems);
    }

    [Fact]
    public async Task Judge_sees_an_answer_that_is_wrong()
    {
        var contract = await LoadAsync();
        await using var simulator = await HetznerSimulator.StartAsync(cancellationToken: Cancellation);
        simulator.Faults.Play(new HetznerFault(HetznerFaults.WrongShape));
        using var judge = new Judge(contract);
        using var http = new HttpClient(judge);
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {HetznerSimulatorOptions.DefaultToken}");

        using var response = await http.GetAsync(new Uri(simulator.Endpoint, "servers?unknown=1"), Cancellation);

        Assert.Contains(judge.Problems, problem => problem.Contains("unknown", StringComparison.Ordinal));
        Assert.Contains(judge.Problems, problem => problem.Contains("surprise", StringComparison.Ordinal));
    }

    private static async Task EveryCallAsync(IHetzner hetzner, HetznerSimulator simulator, FakeTimeProvider time)
    {
        var labels = new Dictionary<string, string> { ["managed-by"] = "sam" };
        const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";
        await hetzner.ProbeAsync(Cancellation);
        await hetzner.ListServerTypesAsync(Cancellation);
        await hetzner.ListLocationsAsync(Cancellation);
        await hetzner.ListImagesAsync("docker-ce", CpuArchitecture.X86, Cancellation);
        var key = await hetzner.EnsureSshKeyAsync("k", Key, labels, Cancellation);
        await hetzner.EnsureSshKeyAsync("k2", Key, labels, Cancellation);
        await hetzner.ListSshKeysAsync("managed-by=sam", Cancellation);
        var request = new CreateServerRequest
        {
            Name = "m1",
            ServerType = "cx23",
            Location = "fsn1",
            Image = "docker-ce",
            UserData = "#cloud-config\n",
            SshKeys = ["k"],
            Labels = labels,
        };
        var created = (CreateOutcome.Created)await hetzner.CreateServerAsync(request, Cancellation);
        await hetzner.CreateServerAsync(request, Cancellation);
        await hetzner.CreateServerAsync(request with { Name = "m2", SshKeys = [], EnableIPv4 = false }, Cancellation);
        // Everything a request may carry, though the simulator refuses what points nowhere.
        var full = request with
        {
            Volumes = [1],
            Networks = [2],
            Firewalls = [3],
            PlacementGroup = 4,
            PrimaryIPv4 = 5,
        };
        await hetzner.CreateServerAsync(full, Cancellation);
        await hetzner.DeleteServerAsync(created.Server.Id, Cancellation);
        await hetzner.GetActionAsync(created.ActionId, Cancellation);
        await hetzner.GetServerAsync(created.Server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(12));
        await hetzner.ListServersAsync(HetznerLabels.SelectorFor("x"), Cancellation);
        await hetzner.ListServersAsync("managed-by=sam", Cancellation);
        await hetzner.GetActionAsync(created.ActionId, Cancellation);
        await hetzner.PowerOffAsync(created.Server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(12));
        await hetzner.PowerOnAsync(created.Server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(12));
        await hetzner.DeleteServerAsync(created.Server.Id, Cancellation);
        await hetzner.GetServerAsync(created.Server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(12));
        await hetzner.GetServerAsync(created.Server.Id, Cancellation);
        await hetzner.DeleteSshKeyAsync(key.Id, Cancellation);
        await EveryRefusalAsync(hetzner, simulator, request with { Name = "m3", SshKeys = [] });
    }

    private static async Task EveryRefusalAsync(IHetzner hetzner, HetznerSimulator simulator, CreateServerRequest request)
    {
        string[] faults =
        [
            HetznerFaults.Capacity,
            HetznerFaults.Quota,
            HetznerFaults.Placement,
            HetznerFaults.UnsupportedLocation,
        ];
        foreach (var fault in faults)
        {
            simulator.Faults.Play(new HetznerFault(fault) { Count = 1 });
            await hetzner.CreateServerAsync(request, Cancellation);
        }
        string[] refusals = [HetznerFaults.RateLimited, HetznerFaults.Unauthorized, HetznerFaults.ServerError];
        foreach (var fault in refusals)
        {
            simulator.Faults.Play(new HetznerFault(fault) { Count = 1 });
            await Assert.ThrowsAsync<HetznerException>(() => hetzner.ProbeAsync(Cancellation));
        }
    }

    private static async Task<HetznerContract> LoadAsync()
    {
        var file = HetznerContract.FindDocument();
        Assert.SkipWhen(
            file is null,
            "Hetzner's OpenAPI document is absent: put it under ../shared/data or name its folder in SAM_CONTRACT_DATA"
        );
        await using var stream = File.OpenRead(file!);
        return new HetznerContract((await JsonNode.ParseAsync(stream, cancellationToken: Cancellation))!);
    }

    /// <summary>Stands in the wire and judges both directions.</summary>
    private sealed class Judge(HetznerContract contract) : DelegatingHandler(new SocketsHttpHandler())
    {
        public List<string> Problems { get; } = [];

        public int Judged { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var path = request.RequestUri!.AbsolutePath["/v1".Length..];
            var query = request
                .RequestUri.Query.TrimStart('?')
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(q => q.Split('=')[0]);
            var sent = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            Problems.AddRange(await contract.RequestAsync(request.Method.Method, path, query, sent));
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            Problems.AddRange(await contract.AnswerAsync(request.Method.Method, path, (int)response.StatusCode, body));
            Judged++;
            return response;
        }
    }
}
