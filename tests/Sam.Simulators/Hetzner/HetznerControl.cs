using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>The simulator's own surface: `/_sim/faults`, `/_sim/state`, `/_sim/tokens`.</summary>
internal static class HetznerControl
{
    public static void Map(WebApplication app, HetznerPipeline pipeline, HetznerFaults faults)
    {
        app.MapGet("/_sim/faults", () => Results.Json(new { playing = faults.Playing(), known = HetznerFaults.Names }));
        app.MapPost(
            "/_sim/faults",
            async (HttpContext context) =>
            {
                try
                {
                    faults.Play(await ReadFaultAsync(context));
                    return Results.Json(faults.Playing());
                }
                catch (Exception exception) when (exception is ArgumentException or JsonException or InvalidOperationException)
                {
                    return Results.Json(new { error = exception.Message }, statusCode: 422);
                }
            }
        );
        app.MapDelete("/_sim/faults", (string? name) => Stop(faults, name));
        app.MapDelete("/_sim/faults/{name}", (string name) => Stop(faults, name));
        app.MapGet("/_sim/state", () => Results.Text(State(pipeline).ToJsonString(), "application/json"));
        app.MapPost(
            "/_sim/tokens",
            (SimulatedToken token) =>
            {
                pipeline.Know(token);
                return Results.NoContent();
            }
        );
        app.MapDelete(
            "/_sim/tokens/{token}",
            (string token) =>
            {
                pipeline.Forget(token);
                return Results.NoContent();
            }
        );
    }

    public static IReadOnlyList<SimulatedServer> Servers(HetznerProject project)
    {
        lock (project.Lock)
        {
            project.Settle();
            return
            [
                .. project
                    .Servers.Values.OrderBy(server => server.Id)
                    .Select(server => new SimulatedServer(
                        server.Id,
                        server.Name,
                        server.Status,
                        server.Type.Name,
                        server.Location.Name,
                        server.IPv4,
                        server.UserData,
                        new Dictionary<string, string>(server.Labels, StringComparer.Ordinal),
                        server.SshKeys
                    )),
            ];
        }
    }

    private static IResult Stop(HetznerFaults faults, string? name)
    {
        faults.Stop(name);
        return Results.NoContent();
    }

    // {"name": "capacity", "args": {"serverType": "cx23", "count": 2, "delaySeconds": 1.5}}
    private static async Task<HetznerFault> ReadFaultAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var args = body?["args"];
        string? Text(string key) => args?[key]?.GetValue<string>();
        return new HetznerFault(body?["name"]?.GetValue<string>() ?? "")
        {
            Count = args?["count"]?.GetValue<int>(),
            Method = Text("method"),
            Path = Text("path"),
            ServerType = Text("serverType"),
            Location = Text("location"),
            Command = Text("command"),
            Status = args?["status"]?.GetValue<int>(),
            After = args?["after"]?.GetValue<int>() ?? 0,
            Delay = Seconds(args?["delaySeconds"]),
            Lasts = Seconds(args?["lastsSeconds"]),
        };
    }

    private static TimeSpan? Seconds(JsonNode? node) =>
        node?.GetValue<double>() is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static JsonObject State(HetznerPipeline pipeline)
    {
        JsonObject projects = [];
        DateTimeOffset? now = null;
        foreach (var project in pipeline.Projects)
        {
            now = project.Now;
            var servers = JsonSerializer.SerializeToNode(Servers(project), JsonSerializerOptions.Web);
            lock (project.Lock)
            {
                projects[project.Name] = new JsonObject
                {
                    ["servers"] = servers,
                    ["serversCreated"] = project.ServersCreated,
                    ["volumes"] = new JsonArray([.. project.Volumes.Values.Select(volume => volume.ToJson())]),
                    ["firewalls"] = new JsonArray([.. project.Firewalls.Values.Select(firewall => firewall.ToJson())]),
                    ["networks"] = new JsonArray([.. project.Networks.Values.Select(network => network.ToJson())]),
                    ["primaryIps"] = new JsonArray([.. project.PrimaryIps.Values.Select(address => address.ToJson())]),
                    ["sshKeys"] = new JsonArray([.. project.SshKeys.Values.Select(key => key.ToJson())]),
                    ["calls"] = JsonSerializer.SerializeToNode(project.Calls),
                };
            }
        }
        return new JsonObject { ["time"] = now is { } time ? Time.Text(time) : null, ["projects"] = projects };
    }
}

/// <summary>A server as the simulator knows it.</summary>
public sealed record SimulatedServer(
    long Id,
    string Name,
    string Status,
    string ServerType,
    string Location,
    string? PublicIPv4,
    string UserData,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> SshKeys
);
