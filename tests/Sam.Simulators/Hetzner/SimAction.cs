using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>Asynchronous work: it ends when its time is over and the backend has done its part.</summary>
internal sealed class SimAction(
    long id,
    string command,
    IReadOnlyList<(string Type, long Id)> resources,
    DateTimeOffset started,
    TimeSpan duration
) : ISimThing
{
    public long Id { get; } = id;
    public string Command { get; } = command;
    public string Name => Command;

    /// <summary>The server that is locked meanwhile; null if none is.</summary>
    public SimServer? Server { get; init; }
    public DateTimeOffset Started { get; } = started;

    /// <summary>When it is over; never for a server that does not boot.</summary>
    public DateTimeOffset Due { get; set; } = duration == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : started + duration;
    public string Status { get; set; } = "running";
    public DateTimeOffset? Finished { get; set; }
    public string? Error { get; set; }
    public bool Fails { get; init; }

    /// <summary>The backend's part.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>What holds once it has succeeded.</summary>
    public Action? Effect { get; init; }

    public JsonObject ToJson(DateTimeOffset now) =>
        new()
        {
            ["id"] = Id,
            ["command"] = Command,
            ["status"] = Status,
            ["started"] = Time.Text(Started),
            ["finished"] = Finished is { } finished ? Time.Text(finished) : null,
            ["progress"] = Status == "success" ? 100 : Progress(now),
            ["resources"] = new JsonArray([
                .. resources.Select(resource => new JsonObject { ["id"] = resource.Id, ["type"] = resource.Type }),
            ]),
            ["error"] = Error is null ? null : new JsonObject { ["code"] = "action_failed", ["message"] = Error },
        };

    private int Progress(DateTimeOffset now) =>
        Due == DateTimeOffset.MaxValue || Due <= Started ? 0 : (int)Math.Clamp((now - Started) / (Due - Started) * 100, 0, 99);
}
