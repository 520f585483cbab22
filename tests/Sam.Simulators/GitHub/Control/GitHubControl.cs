using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub.Control;

/// <summary>The simulator's own surface below `/_sim/`: faults, what there is, what there was, and what happens next.</summary>
internal static class GitHubControl
{
    public static void Map(WebApplication host, GitHubSimulator simulator)
    {
        host.MapGet("/_sim/faults", () => Results.Json(new { playing = simulator.Faults.Playing(), known = GitHubFaults.Names }));
        Post(host, "/_sim/faults", body => Play(simulator, body));
        host.MapDelete("/_sim/faults", (string? name) => Stop(simulator, name));
        host.MapDelete("/_sim/faults/{name}", (string name) => Stop(simulator, name));
        host.MapGet("/_sim/state", () => Text(GitHubState.Of(simulator)));
        host.MapGet("/_sim/mints", () => Text(GitHubState.Mints(simulator.Mints)));
        host.MapGet("/_sim/live-tokens", () => Text(GitHubState.Mints(simulator.LiveTokens())));
        host.MapGet("/_sim/calls", () => Results.Json(simulator.Calls));
        host.MapGet("/_sim/deliveries", () => Text(GitHubState.Deliveries(simulator.Webhooks.Deliveries)));
        Post(host, "/_sim/apps", body => GitHubActions.AddApp(simulator, body));
        Post(host, "/_sim/repositories", body => GitHubActions.AddRepository(simulator, body));
        Post(host, "/_sim/installations", body => GitHubActions.Install(simulator, body));
        Post(host, "/_sim/people", body => GitHubActions.AddPerson(simulator, body));
        Post(host, "/_sim/actions", body => GitHubActions.Do(simulator, body));
    }

    private static void Post(WebApplication host, string path, Func<JsonObject, JsonNode> work) =>
        host.MapPost(
            path,
            async (HttpContext context) =>
            {
                try
                {
                    var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
                    return Text(work(body?.AsObject() ?? []));
                }
                catch (Exception exception)
                    when (exception is ArgumentException or JsonException or InvalidOperationException or FormatException)
                {
                    return Results.Json(new { error = exception.Message }, statusCode: 422);
                }
            }
        );

    private static IResult Text(JsonNode node) => Results.Text(node.ToJsonString(), "application/json");

    private static IResult Stop(GitHubSimulator simulator, string? name)
    {
        simulator.Faults.Stop(name);
        return Results.NoContent();
    }

    // {"name": "rate-limited", "args": {"path": "/app", "count": 2, "delaySeconds": 1.5}}
    private static JsonNode Play(GitHubSimulator simulator, JsonObject body)
    {
        var args = body["args"];
        simulator.Faults.Play(
            new GitHubFault(body["name"]?.GetValue<string>() ?? "")
            {
                Count = args?["count"]?.GetValue<int>(),
                Method = args?["method"]?.GetValue<string>(),
                Path = args?["path"]?.GetValue<string>(),
                AppId = args?["appId"]?.GetValue<long>(),
                InstallationId = args?["installationId"]?.GetValue<long>(),
                Status = args?["status"]?.GetValue<int>(),
                Delay = args?["delaySeconds"]?.GetValue<double>() is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Permission = args?["permission"]?.GetValue<string>(),
            }
        );
        return JsonSerializer.SerializeToNode(simulator.Faults.Playing(), JsonSerializerOptions.Web)!;
    }
}
