using System.Net;
using System.Text.Json.Nodes;

namespace Sam.Playground;

/// <summary>The demo's flow as a person would walk it: served, rolled over, a bad release, deleted. Used by the demo and by the crash demo.</summary>
internal sealed class DemoFlow(World world, Watcher watcher, Checks checks)
{
    private const string App = "shop";
    private const string Node = "edge-1";
    private const string Url = "https://shop.apps.sam.test/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(15);

    private bool Real => world.Servers is not null;

    /// <summary>From nothing to an app that answers over HTTPS.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        var ready = await watcher.UntilAsync(
            () => watcher.HasAsync("composeapps", App, "Ready", "True", cancellationToken),
            Patience,
            cancellationToken
        );
        checks.That(ready, "the app is Ready");
        await AnswersAsync("Hello from SAM demo 1", s_soon, cancellationToken);
        await new EndpointsFile(world).WriteAsync(cancellationToken);
    }

    /// <summary>A new image rolls over while the site is asked all the time.</summary>
    public async Task RollOverAsync(CancellationToken cancellationToken)
    {
        using var load = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AskAsync(load.Token);
        await ReleaseAsync("demo/web:1", "demo/web:2", cancellationToken);
        var applied = await watcher.UntilAsync(
            async () =>
                await StatusAsync("appliedRelease", cancellationToken) == "2"
                && await watcher.HasAsync("composeapps", App, "Ready", "True", cancellationToken),
            Patience,
            cancellationToken
        );
        checks.That(applied, "release 2 is applied");
        await AnswersAsync("Hello from SAM demo 2", s_soon, cancellationToken);
        await load.CancelAsync();
        var (asked, failed) = await asking;
        if (Real)
            checks.That(failed == 0, $"no request failed during the roll-over: {failed} of {asked}");
    }

    /// <summary>A release that never turns healthy leaves the old one serving.</summary>
    public async Task FailReleaseAsync(CancellationToken cancellationToken)
    {
        var serving = await StatusAsync("appliedRelease", cancellationToken);
        await ReleaseAsync("demo/web:2", "demo/web:bad", cancellationToken);
        var reverted = await watcher.UntilAsync(
            async () =>
                (string?)(await watcher.ConditionAsync("composeapps", App, "Applied", cancellationToken))?["reason"]
                == "ReleaseReverted",
            Patience,
            cancellationToken
        );
        checks.That(reverted, "the bad release is reverted, with a typed reason");
        checks.That(
            await StatusAsync("appliedRelease", cancellationToken) == serving,
            $"release {serving} is still the applied one"
        );
        await AnswersAsync("Hello from SAM demo 2", s_soon, cancellationToken);
    }

    /// <summary>Delete leaves no container, network or volume, then no server.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await world.Kube.DeleteAsync(World.PathOf("composeapps", App), cancellationToken);
        checks.That(await GoneAsync("composeapps", App, cancellationToken), "the app is gone");
        if (Real)
            checks.That(await LeftOnServersAsync(cancellationToken) == "", "no container, network or volume of the app is left");
        await world.Kube.DeleteAsync(World.PathOf("deploymentnodes", Node), cancellationToken);
        checks.That(await GoneAsync("deploymentnodes", Node, cancellationToken), "the node is gone");
        var none = await watcher.UntilAsync(
            () => Task.FromResult(world.Hetzner.Servers().Count == 0),
            Patience,
            cancellationToken
        );
        checks.That(none, "the provider lists no server");
        if (world.Servers is { } servers)
            checks.That((await servers.ListAsync(cancellationToken)).Count == 0, "no booted server is left");
    }

    /// <summary>Containers, networks and volumes of apps on all servers, one a line.</summary>
    public async Task<string> LeftOnServersAsync(CancellationToken cancellationToken, string kind = "ComposeApp")
    {
        var left = "";
        foreach (var server in await world.Servers!.ListAsync(cancellationToken))
        {
            var filter = $"--filter label=dev.sam.kind={kind}";
            var list =
                $"docker ps -a {filter} --format {{{{.Names}}}}; docker network ls -q {filter}; docker volume ls -q {filter}";
            left += (await world.Servers.ConsoleAsync(server.Id, ["sh", "-c", list], cancellationToken)).Output.Trim();
        }

        return left;
    }

    /// <summary>A field of the app's status as text.</summary>
    public async Task<string> StatusAsync(string field, CancellationToken cancellationToken) =>
        (await world.Kube.GetAsync(World.PathOf("composeapps", App), cancellationToken))?["status"]?[field]?.ToString() ?? "";

    private async Task ReleaseAsync(string from, string to, CancellationToken cancellationToken)
    {
        var app = await world.Kube.GetAsync(World.PathOf("composeapps", App), cancellationToken);
        var compose = ((string)app!["spec"]!["compose"]!).Replace(from, to, StringComparison.Ordinal);
        await world.Kube.PatchAsync(
            World.PathOf("composeapps", App),
            new JsonObject { ["spec"] = new JsonObject { ["compose"] = compose } },
            cancellationToken
        );
        World.Say($"edited the image: {from} -> {to}");
    }

    /// <summary>The site answers with this text, in time.</summary>
    public async Task AnswersAsync(string expected, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!Real)
            return;
        using var site = await SiteAsync(cancellationToken);
        (int Status, string Body) answer = (0, "no address");
        await watcher.UntilAsync(
            async () =>
            {
                answer = site is null ? answer : await site.GetAsync(Url, cancellationToken);
                return answer.Status == 200 && answer.Body.Contains(expected, StringComparison.Ordinal);
            },
            patience,
            cancellationToken
        );
        checks.That(
            answer.Status == 200 && answer.Body.Contains(expected, StringComparison.Ordinal),
            $"{Url} answers 200 with \"{expected}\" (got {answer.Status} {answer.Body.Trim().Split('\n')[0]})"
        );
    }

    /// <summary>Asks the site until it is told to stop.</summary>
    public async Task<(int Asked, int Failed)> AskAsync(CancellationToken cancellationToken)
    {
        var (asked, failed) = (0, 0);
        using var site = Real ? await SiteAsync(cancellationToken) : null;
        while (site is not null && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                var (status, body) = await site.GetAsync(Url, cancellationToken);
                asked++;
                if (status != 200)
                {
                    failed++;
                    World.Say($"a request failed: {status} {body}");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return (asked, failed);
    }

    private async Task<SiteClient?> SiteAsync(CancellationToken cancellationToken)
    {
        var node = await world.Kube.GetAsync(World.PathOf("deploymentnodes", Node), cancellationToken);
        var (address, root) = ((string?)node?["status"]?["publicIPv4"], (string?)node?["status"]?["caddy"]?["rootCertificate"]);
        return address is null || root is null ? null : new SiteClient(IPAddress.Parse(address), root);
    }

    private Task<bool> GoneAsync(string plural, string name, CancellationToken cancellationToken) =>
        watcher.UntilAsync(
            async () => await world.Kube.GetAsync(World.PathOf(plural, name), cancellationToken) is null,
            Patience,
            cancellationToken
        );
}
