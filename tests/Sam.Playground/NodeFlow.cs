using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Sam.Simulators.Hetzner;

namespace Sam.Playground;

/// <summary>Day two of a node: its VM reboots while no operator runs, and is replaced by another one while the site is asked all the time.</summary>
internal sealed class NodeFlow(World world, DemoFlow flow, Watcher watcher, Checks checks)
{
    private const string Node = "edge-1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    /// <summary>Power is lost and comes back; everything serves again, and nobody helped.</summary>
    public async Task RebootAsync(string expected, CancellationToken cancellationToken)
    {
        if (world.Servers is null)
            return;
        await world.Operator.KillAsync();
        await ResetAsync(world.Hetzner.Servers().Single().Id, cancellationToken);
        World.Say("the VM lost its power, and no operator runs");
        var started = TimeProvider.System.GetTimestamp();
        await flow.AnswersAsync(expected, Patience, cancellationToken);
        World.Say($"served again {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s after the reset");
        world.Operator.Start();
        checks.That(
            await watcher.UntilAsync(
                () => watcher.HasAsync("composeapps", "shop", "Ready", "True", cancellationToken),
                Patience,
                cancellationToken
            ),
            "the app is Ready after the reboot"
        );
    }

    /// <summary>Another server type is asked for; no request fails until the new VM serves, and it serves the same.</summary>
    public async Task ReplaceAsync(string expected, CancellationToken cancellationToken)
    {
        var before = await StatusAsync("publicIPv4", cancellationToken);
        using var load = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = flow.AskAsync(load.Token);
        await world.Kube.PatchAsync(
            World.PathOf("deploymentnodes", Node),
            new JsonObject { ["spec"] = new JsonObject { ["cloud"] = new JsonObject { ["serverType"] = "cx33" } } },
            cancellationToken
        );
        World.Say("asked for a cx33");
        var moved = await watcher.UntilAsync(
            async () =>
                await StatusAsync("publicIPv4", cancellationToken) is { Length: > 0 } now
                && now != before
                && await watcher.HasAsync("composeapps", "shop", "InSync", "True", cancellationToken),
            Patience,
            cancellationToken
        );
        await load.CancelAsync();
        var (asked, failed) = await asking;
        checks.That(moved, "the node moved to the new VM");
        if (world.Servers is null)
            return;
        checks.That(failed == 0, $"no request at the old VM failed while the new one came up: {failed} of {asked}");
        await flow.AnswersAsync(expected, Patience, cancellationToken);
        checks.That(world.Hetzner.Servers().Count == 2, "the old VM goes on for those whose DNS is old");
    }

    private async Task<string> StatusAsync(string field, CancellationToken cancellationToken) =>
        (await world.Kube.GetAsync(World.PathOf("deploymentnodes", Node), cancellationToken))?["status"]?[field]?.ToString()
        ?? "";

    private async Task ResetAsync(long server, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(world.Hetzner.Endpoint, $"servers/{server}/actions/reset")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", HetznerSimulatorOptions.DefaultToken);
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
