using System.Collections.Immutable;

namespace Sam.Operator.Clients.Docker.RecordOnly;

/// <summary>A container of the record-only engine.</summary>
internal sealed class RecordedContainer(string id, ContainerRequest request, ImageScript script)
{
    public string Id { get; } = id;

    public ContainerRequest Request { get; } = request;

    public string Name { get; set; } = request.Name;

    public ImageScript Script { get; } = script;

    public ContainerState State { get; set; } = ContainerState.Created;

    public ContainerHealth Health { get; set; }

    public int ExitCode { get; set; }

    public int RestartCount { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Docker's HasBeenManuallyStopped: what unless-stopped looks at.</summary>
    public bool StoppedByHand { get; set; }

    /// <summary>Counts runs and stops, so that a planned action of an earlier run does nothing.</summary>
    public int Epoch { get; set; }

    /// <summary>Pause before the next restart.</summary>
    public TimeSpan RestartPause { get; set; }

    public Dictionary<string, ImmutableArray<string>> Networks { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public bool IsUp => State is ContainerState.Running or ContainerState.Restarting or ContainerState.Paused;

    public bool HasHealthCheck => Request.Health is { } probe ? probe.Test is not ["NONE"] : Script.HasHealthCheck;

    public bool Has(IReadOnlyDictionary<string, string> labels) =>
        labels.All(l => Request.Labels.TryGetValue(l.Key, out var value) && value == l.Value);

    public EngineContainer Show() =>
        new(
            Id,
            Name,
            Request.Image,
            Request.Labels,
            State,
            Health,
            ExitCode,
            RestartCount,
            OutOfMemory: false,
            StartedAt,
            FinishedAt,
            Networks.ToImmutableDictionary(StringComparer.Ordinal)
        );

    /// <summary>Docker's rule for a container that ended.</summary>
    public bool ShouldRestart(bool afterPowerCycle) =>
        Request.RestartPolicy switch
        {
            "always" => afterPowerCycle || !StoppedByHand,
            "unless-stopped" => !StoppedByHand,
            "on-failure" => !StoppedByHand
                && ExitCode != 0
                && (Request.RestartRetries == 0 || RestartCount < Request.RestartRetries),
            _ => false,
        };
}
