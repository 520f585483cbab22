using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Hetzner;
using Sam.Simulators.Hetzner;

namespace Sam.Integration.Tests.Hetzner;

public sealed partial class HetznerContractTests
{
    private static readonly Dictionary<string, string> s_labels = new(StringComparer.Ordinal) { ["managed-by"] = "sam" };

    [Fact]
    public async Task What_outlives_a_server_keeps_the_official_document()
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
        using var http = new HttpClient(judge, disposeHandler: false) { BaseAddress = simulator.Endpoint };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {HetznerSimulatorOptions.DefaultToken}");

        var network = await PersonAsync(
            http,
            HttpMethod.Post,
            "networks",
            """{"name":"backbone","ip_range":"10.7.0.0/16","subnets":[{"type":"cloud","ip_range":"10.7.1.0/24","network_zone":"eu-central"}]}"""
        );
        var firewall = await hetzner.CreateFirewallAsync("wall", s_labels, Rules("203.0.113.7/32"), Cancellation);
        var server = await ServerAsync(hetzner, "edge", firewall.Id, network["network"]!["id"]!.GetValue<long>());
        time.Advance(TimeSpan.FromSeconds(12));
        await FirewallsAsync(hetzner, firewall.Id, server.Id);
        await VolumesAsync(hetzner, http, time, server.Id);
        await AddressesAsync(hetzner, time, server);
        await hetzner.FindNetworkAsync("backbone", Cancellation);
        await hetzner.FindServerAsync("edge", Cancellation);
        await PersonAsync(
            http,
            HttpMethod.Put,
            $"networks/{network["network"]!["id"]}",
            """{"name":"bone","labels":{"a":"b"}}"""
        );
        await PersonAsync(http, HttpMethod.Delete, $"networks/{network["network"]!["id"]}");

        Assert.Empty(judge.Problems);
        Assert.True(judge.Judged > 30, $"{judge.Judged} calls judged");
    }

    [Theory]
    [InlineData("volumes", """{"name":"v","size":9,"location":"fsn1"}""", 422)]
    [InlineData("volumes", """{"name":"v","size":10}""", 422)]
    [InlineData("volumes", """{"name":"v","size":10,"location":"fsn1","server":1}""", 422)]
    [InlineData("volumes", """{"name":"v","size":10,"location":"mars1"}""", 422)]
    [InlineData("volumes", """{"name":"v","size":10,"location":"fsn1","format":"ntfs"}""", 422)]
    [InlineData("firewalls", """{"name":"f","rules":[{"direction":"in","protocol":"tcp","source_ips":["0.0.0.0/0"]}]}""", 422)]
    [InlineData(
        "firewalls",
        """{"name":"f","rules":[{"direction":"in","protocol":"icmp","port":"80","source_ips":["0.0.0.0/0"]}]}""",
        422
    )]
    [InlineData(
        "firewalls",
        """{"name":"f","rules":[{"direction":"in","protocol":"tcp","port":"80","source_ips":["10.0.0.1/8"]}]}""",
        422
    )]
    [InlineData("firewalls", """{"rules":[]}""", 422)]
    [InlineData("networks", """{"name":"n","ip_range":"everywhere"}""", 422)]
    [InlineData("servers/1/actions/poweroff", "{}", 404)]
    [InlineData("volumes/1/actions/resize", """{"size":20}""", 404)]
    [InlineData("firewalls/1/actions/set_rules", """{"rules":[]}""", 404)]
    public async Task What_the_real_one_refuses_is_refused(string path, string body, int status)
    {
        await using var simulator = await HetznerSimulator.StartAsync(cancellationToken: Cancellation);
        using var http = new HttpClient { BaseAddress = simulator.Endpoint };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {HetznerSimulatorOptions.DefaultToken}");

        using var response = await http.PostAsync(path, JsonContent.Create(JsonNode.Parse(body)), Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private static async Task FirewallsAsync(IHetzner hetzner, long firewall, long server)
    {
        await hetzner.ListFirewallsAsync("managed-by=sam", Cancellation);
        await hetzner.SetFirewallRulesAsync(firewall, Rules("203.0.113.7/32", "2001:db8::/64"), Cancellation);
        var again = await Assert.ThrowsAsync<HetznerException>(() => hetzner.ApplyFirewallAsync(firewall, server, Cancellation));
        var inUse = await hetzner.DeleteFirewallAsync(firewall, Cancellation);
        var spare = await hetzner.CreateFirewallAsync("spare", s_labels, Rules("203.0.113.7/32"), Cancellation);
        await hetzner.ApplyFirewallAsync(spare.Id, server, Cancellation);
        var taken = await Assert.ThrowsAsync<HetznerException>(() =>
            hetzner.CreateFirewallAsync("spare", s_labels, Rules("203.0.113.7/32"), Cancellation)
        );

        Assert.Equal(
            (HetznerErrorKind.Conflict, true, HetznerCodes.UniquenessError),
            (again.Kind, inUse is DeleteOutcome.Locked, taken.Code)
        );
    }

    private static async Task VolumesAsync(IHetzner hetzner, HttpClient http, FakeTimeProvider time, long server)
    {
        var volume = await hetzner.CreateVolumeAsync(new CreateVolumeRequest("data", 10, server, s_labels), Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));
        await hetzner.LabelVolumeAsync(volume.Id, s_labels, Cancellation);
        await hetzner.RenameVolumeAsync(volume.Id, "renamed", s_labels, Cancellation);
        await hetzner.ResizeVolumeAsync(volume.Id, 20, Cancellation);
        var attached = await hetzner.DeleteVolumeAsync(volume.Id, Cancellation);
        await PersonAsync(http, HttpMethod.Post, $"volumes/{volume.Id}/actions/detach");
        await hetzner.AttachVolumeAsync(volume.Id, server, Cancellation);
        await PersonAsync(http, HttpMethod.Post, $"volumes/{volume.Id}/actions/change_protection", """{"delete":true}""");
        var guarded = await hetzner.DeleteVolumeAsync(volume.Id, Cancellation);
        await PersonAsync(http, HttpMethod.Post, $"volumes/{volume.Id}/actions/change_protection", """{"delete":false}""");
        await PersonAsync(http, HttpMethod.Post, $"volumes/{volume.Id}/actions/detach");
        var listed = Assert.Single(await hetzner.ListVolumesAsync("managed-by=sam", Spending.Read, Cancellation));
        await hetzner.DeleteVolumeAsync(volume.Id, Cancellation);
        var gone = await hetzner.DeleteVolumeAsync(volume.Id, Cancellation);

        Assert.True(attached is DeleteOutcome.Locked && guarded is DeleteOutcome.Protected && gone is DeleteOutcome.Gone);
        Assert.Equal(("renamed", 20, null), (listed.Name, listed.SizeGb, listed.ServerId));
    }

    private static async Task AddressesAsync(IHetzner hetzner, FakeTimeProvider time, Server server)
    {
        var id = server.PrimaryIPv4Id!.Value;
        await hetzner.KeepPrimaryIpAsync(id, "kept", s_labels, Cancellation);
        var assigned = await hetzner.DeletePrimaryIpAsync(id, Cancellation);
        await hetzner.LabelServerAsync(server.Id, s_labels, Cancellation);
        await hetzner.DeleteServerAsync(server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));
        var kept = Assert.Single(await hetzner.ListPrimaryIpsAsync("managed-by=sam", Spending.Read, Cancellation));
        var next = await ServerAsync(hetzner, "next", firewall: null, network: null, kept.Id);
        time.Advance(TimeSpan.FromSeconds(12));
        await hetzner.DeleteServerAsync(next.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));
        var moved = await MovedAsync(hetzner, time, kept.Id);
        await hetzner.DeletePrimaryIpAsync(kept.Id, Cancellation);

        Assert.Equal(server.PublicIPv4, moved);
        Assert.True(assigned is DeleteOutcome.Locked);
        Assert.Equal((server.PublicIPv4, server.PublicIPv4), (kept.Address, next.PublicIPv4));
    }

    /// <summary>The address of a server that was made with another one.</summary>
    private static async Task<string?> MovedAsync(IHetzner hetzner, FakeTimeProvider time, long address)
    {
        var server = await ServerAsync(hetzner, "third", firewall: null, network: null, address: null);
        time.Advance(TimeSpan.FromSeconds(12));
        var running = await Assert.ThrowsAsync<HetznerException>(() =>
            hetzner.UnassignPrimaryIpAsync(server.PrimaryIPv4Id!.Value, Cancellation)
        );
        await hetzner.PowerOffAsync(server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(12));
        var second = await Assert.ThrowsAsync<HetznerException>(() =>
            hetzner.AssignPrimaryIpAsync(address, server.Id, Cancellation)
        );
        await hetzner.UnassignPrimaryIpAsync(server.PrimaryIPv4Id!.Value, Cancellation);
        await hetzner.AssignPrimaryIpAsync(address, server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(12));
        var seen = await hetzner.GetServerAsync(server.Id, Cancellation);
        await hetzner.DeleteServerAsync(server.Id, Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));
        await hetzner.DeletePrimaryIpAsync(server.PrimaryIPv4Id!.Value, Cancellation);

        Assert.Equal((HetznerErrorKind.Conflict, HetznerErrorKind.Conflict), (running.Kind, second.Kind));
        return seen!.PublicIPv4;
    }

    private static async Task<Server> ServerAsync(
        IHetzner hetzner,
        string name,
        long? firewall,
        long? network,
        long? address = null
    )
    {
        var request = new CreateServerRequest
        {
            Name = name,
            ServerType = "cx23",
            Location = "fsn1",
            Image = "docker-ce",
            Labels = new Dictionary<string, string>(StringComparer.Ordinal),
            Firewalls = firewall is { } wall ? [wall] : [],
            Networks = network is { } joined ? [joined] : [],
            PrimaryIPv4 = address,
        };
        return ((CreateOutcome.Created)await hetzner.CreateServerAsync(request, Cancellation)).Server;
    }

    private static List<FirewallRule> Rules(params string[] sources) =>
        [new("tcp", "2376", [.. sources]), new("icmp", null, ["0.0.0.0/0", "::/0"])];

    private static async Task<JsonNode> PersonAsync(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(JsonNode.Parse(body));
        using var response = await http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
