using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Sam.Crds.V1Alpha1;
using Sam.Simulators.Hetzner;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;

namespace Sam.Unit.Tests.Worlds;

/// <summary>What the tests in virtual worlds ask, in the words of users.</summary>
internal static class Story
{
    /// <summary>Longest virtual time that anything may take that is not about waiting.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>A node with a volume that goes with it, and an address of its own.</summary>
    public static DeploymentNode RichNode(string name = "edge") =>
        A.Node(name)
            .With(node =>
            {
                node.Spec.Address = AddressPolicy.Kept;
                node.Spec.Volumes =
                [
                    new MachineVolume
                    {
                        Name = "data",
                        SizeGiB = 10,
                        DeletionPolicy = DeletionPolicy.Delete,
                    },
                ];
            });

    public static bool IsReady(this VirtualWorld world, string node = "edge") =>
        world.Find<DeploymentNode>(node)?.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" })
        == true;

    /// <summary>As <c>UntilAsync</c>, asked once a virtual second: for conditions that look at many objects.</summary>
    public static async Task EachSecondAsync(this Simulation sim, Func<bool> condition, TimeSpan within, string what)
    {
        for (var until = sim.Elapsed + within; !condition(); await sim.AdvanceAsync(TimeSpan.FromSeconds(1)))
            Assert.True(sim.Elapsed < until, $"Did not happen in time: {what}");
    }

    public static bool IsGone(this VirtualWorld world, string node = "edge") => world.Find<DeploymentNode>(node) is null;

    /// <summary>The one Machine of a node; null if there is none.</summary>
    public static Machine? MachineOf(this VirtualWorld world, string node = "edge") =>
        world
            .All<Machine>()
            .SingleOrDefault(machine => machine.Metadata.OwnerReferences?.Any(owner => owner.Name == node) == true);

    /// <summary>The reason of a condition of a node's Machine.</summary>
    public static string? ReasonOf(this VirtualWorld world, string condition, string node = "edge") =>
        world.MachineOf(node)?.Status.Conditions.FirstOrDefault(found => found.Type == condition)?.Reason;

    /// <summary>The message of a condition of a node's Machine.</summary>
    public static string MessageOf(this VirtualWorld world, string condition, string node = "edge") =>
        world.MachineOf(node)?.Status.Conditions.FirstOrDefault(found => found.Type == condition)?.Message ?? "";

    /// <summary>How often the provider was asked, by the start of `METHOD route status`.</summary>
    public static long Calls(this VirtualWorld world, string start = "") =>
        world.Hetzner.Calls().Where(call => call.Key.StartsWith(start, StringComparison.Ordinal)).Sum(call => call.Value);

    /// <summary>What is left of SAM at the provider that belongs to one Machine.</summary>
    public static IReadOnlyList<string> Left(this VirtualWorld world) =>
        [
            .. world.Hetzner.Servers().Select(server => $"server {server.Name}"),
            .. world.Hetzner.Volumes().Select(volume => $"volume {volume["name"]}"),
            .. world.Hetzner.PrimaryIps().Select(address => $"address {address["name"]}"),
        ];

    /// <summary>What a person does at the provider, with the account's own token.</summary>
    public static async Task<JsonNode?> AtProviderAsync(
        this VirtualWorld world,
        HttpMethod method,
        string path,
        string? body = null
    )
    {
        using var invoker = new HttpMessageInvoker(world.Hetzner.CreateHandler());
        using var request = new HttpRequestMessage(method, new Uri($"http://hetzner.test/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", HetznerSimulatorOptions.DefaultToken);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode < HttpStatusCode.BadRequest, $"{method} {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
