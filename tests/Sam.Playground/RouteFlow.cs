using System.Net;
using System.Text.Json.Nodes;

namespace Sam.Playground;

/// <summary>Routes as a person would try them: a redirect, a place behind a login, certificates, and back to what was there.</summary>
internal sealed class RouteFlow(World world, Watcher watcher, Checks checks)
{
    private const string App = "shop";
    private const string Site = "https://shop.apps.sam.test";
    private const string Old = "https://old.apps.sam.test/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string s_path = World.PathOf("composeapps", App);

    /// <summary>Adds them, looks, and takes them back; the site itself says this all the time.</summary>
    public async Task RunAsync(string says, CancellationToken cancellationToken)
    {
        if (world.Servers is null)
            return;
        var routes = (await world.Kube.GetAsync(s_path, cancellationToken))!["spec"]!["routes"]!.AsArray();
        var more = routes.DeepClone().AsArray();
        more.Add(JsonNode.Parse("""{"name":"old","host":"old.apps.sam.test","redirect":{"host":"shop.apps.sam.test"}}"""));
        more.Add(
            JsonNode.Parse(
                """{"name":"admin","service":"web","port":8080,"host":"shop.apps.sam.test","path":"/admin","stripPrefix":true,"basicAuth":{"secretRef":{"name":"admins"}}}"""
            )
        );
        await PatchAsync(more, cancellationToken);
        using var site = await SiteAsync(cancellationToken);
        checks.That(
            await BecomesAsync(site, $"{Site}/admin", [503], cancellationToken),
            "a place without its login is closed: 503"
        );

        await world.Kube.ApplyAsync(
            """
            apiVersion: v1
            kind: Secret
            type: kubernetes.io/basic-auth
            metadata: {name: admins, namespace: demo}
            data: {username: YW5u, password: b3BlbiBzZXNhbWU=}
            """,
            cancellationToken
        );
        checks.That(
            await BecomesAsync(site, $"{Site}/admin", [401], cancellationToken),
            "with its Secret it asks for the login: 401"
        );
        var opened = await site.GetAsync($"{Site}/admin", cancellationToken, "ann:open sesame");
        checks.That(
            opened.Status == 200 && opened.Body.Contains(says, StringComparison.Ordinal),
            $"the login opens it: {opened.Status}"
        );
        var led = await site.GetAsync(Old, cancellationToken);
        checks.That(
            led.Status == 200 && led.Body.Contains(says, StringComparison.Ordinal),
            $"the redirect leads to the site: {led.Status}"
        );
        checks.That(await AllValidAsync(cancellationToken), "every host has a valid certificate in status");

        await PatchAsync(routes.DeepClone().AsArray(), cancellationToken);
        // A new connection is shown no certificate for it; one that was open finds nothing there.
        checks.That(await BecomesAsync(site, Old, [0, 404], cancellationToken), "a host that is taken back is gone");
    }

    private Task PatchAsync(JsonArray routes, CancellationToken cancellationToken) =>
        world.Kube.PatchAsync(s_path, new JsonObject { ["spec"] = new JsonObject { ["routes"] = routes } }, cancellationToken);

    private async Task<SiteClient> SiteAsync(CancellationToken cancellationToken)
    {
        var status = (await world.Kube.GetAsync(World.PathOf("deploymentnodes", "edge-1"), cancellationToken))!["status"]!;
        return new SiteClient(IPAddress.Parse((string)status["publicIPv4"]!), (string)status["caddy"]!["rootCertificate"]!);
    }

    private Task<bool> BecomesAsync(
        SiteClient site,
        string url,
        IReadOnlyList<int> statuses,
        CancellationToken cancellationToken
    ) =>
        watcher.UntilAsync(
            async () => statuses.Contains((await site.GetAsync(url, cancellationToken)).Status),
            Patience,
            cancellationToken
        );

    private Task<bool> AllValidAsync(CancellationToken cancellationToken) =>
        watcher.UntilAsync(
            async () =>
            {
                var node = await world.Kube.GetAsync(World.PathOf("deploymentnodes", "edge-1"), cancellationToken);
                var certificates = node?["status"]?["certificates"]?.AsArray() ?? [];
                return certificates.Count == 2 && certificates.All(certificate => (string?)certificate!["state"] == "Valid");
            },
            Patience,
            cancellationToken
        );
}
