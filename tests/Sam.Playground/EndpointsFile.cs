using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Simulators.Hetzner;

namespace Sam.Playground;

/// <summary><c>.sam/endpoints.json</c>: where everything answers, for scripts and people; rewritten as apps come up.</summary>
internal sealed class EndpointsFile(World world)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the file and one CA file a node.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var apps = new JsonArray();
        var list = await world.Kube.GetAsync("apis/sam.dev/v1alpha1/composeapps", cancellationToken);
        foreach (var app in list?["items"]?.AsArray() ?? [])
        {
            foreach (var route in app?["status"]?["routes"]?.AsArray() ?? [])
                apps.Add(await EntryAsync(app!, route!, cancellationToken));
        }

        var endpoints = new JsonObject
        {
            ["kubernetes"] = world.Cluster.BaseAddress.ToString(),
            ["kubeconfig"] = Path.Combine(Repository.State, "kubeconfig"),
            ["hetzner"] = world.Hetzner.Endpoint.ToString(),
            ["hetznerToken"] = HetznerSimulatorOptions.DefaultToken,
            ["github"] = null,
            ["registry"] = world.Lab?.Registry,
            ["dockerHost"] = world.Lab?.DockerHost,
            ["operatorHealth"] = $"http://127.0.0.1:{World.HealthPort}",
            ["apps"] = apps,
        };
        await File.WriteAllTextAsync(
            Path.Combine(Repository.State, "endpoints.json"),
            endpoints.ToJsonString(Indented),
            cancellationToken
        );
    }

    /// <summary>How a person asks each app that serves.</summary>
    public async Task<IReadOnlyList<string>> CurlLinesAsync(CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.State, "endpoints.json"), cancellationToken);
        return
        [
            .. JsonNode.Parse(text)!["apps"]!
                .AsArray()
                .Where(app => (bool)app!["ready"]! && app["address"] is not null)
                .Select(app =>
                    $"curl --cacert {app!["caFile"]} --resolve {new Uri((string)app["url"]!).Host}:443:{app["address"]} {app["url"]}"
                ),
        ];
    }

    private async Task<JsonNode> EntryAsync(JsonNode app, JsonNode route, CancellationToken cancellationToken)
    {
        var home = (string)app["metadata"]!["namespace"]!;
        var node = await world.Kube.GetAsync(
            $"apis/sam.dev/v1alpha1/namespaces/{home}/deploymentnodes/{app["spec"]!["nodeRef"]!["name"]}",
            cancellationToken
        );
        var caFile = Path.Combine(Repository.State, $"{home}-{app["spec"]!["nodeRef"]!["name"]}-ca.crt");
        if ((string?)node?["status"]?["caddy"]?["rootCertificate"] is { } pem)
            await File.WriteAllTextAsync(caFile, pem, cancellationToken);
        return new JsonObject
        {
            ["namespace"] = home,
            ["name"] = (string)app["metadata"]!["name"]!,
            ["route"] = (string?)route["name"],
            ["url"] = (string?)route["url"],
            ["address"] = (string?)node?["status"]?["publicIPv4"],
            ["caFile"] = caFile,
            ["ready"] = (bool?)route["ready"] ?? false,
        };
    }
}
