using System.Collections.Immutable;

namespace Sam.Operator.Clients.Docker.RecordOnly;

/// <summary>
/// An engine in memory with Docker's observable rules, driven by a <see cref="TimeProvider"/>: states, health and restarts move when time
/// does. For virtual-time tests, scale benches and runs without an engine. Parts: lifecycle, containers, networks, images, exec, events.
/// </summary>
public sealed partial class RecordOnlyEngine : IMachineLink, IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly EngineAgenda agenda = new();
    private readonly Dictionary<string, RecordedContainer> containers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableDictionary<string, string>> networks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedVolume> volumes = new(StringComparer.Ordinal);
    private readonly HashSet<string> images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> calls = new(StringComparer.Ordinal);
    private readonly string seed;
    private long nextId;
    private bool isUp = true;

    /// <summary>An engine with nothing in it.</summary>
    /// <param name="time">What its states and health move by.</param>
    /// <param name="script">The registry and the images' behaviour.</param>
    /// <param name="name">Part of its container ids, so that those of two engines differ.</param>
    public RecordOnlyEngine(TimeProvider time, EngineScript? script = null, string name = "engine")
    {
        this.time = time;
        Script = script ?? new EngineScript();
        seed = name;
        timer = time.CreateTimer(_ => Settle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (var predefined in (string[])["bridge", "host", "none"])
        {
            networks[predefined] = ImmutableDictionary<string, string>.Empty;
        }
    }

    /// <summary>The registry and the images' behaviour.</summary>
    public EngineScript Script { get; }

    /// <summary>Faults and latency.</summary>
    public EngineFaultPlan Faults { get; } = new();

    /// <summary>What the engine says of its host.</summary>
    public EngineInfo Info { get; set; } = new("27.0.0-record-only", "1.46", 2, 4L << 30);

    /// <summary>How often a call was made, whether it worked or not.</summary>
    public int CountOf(string call)
    {
        lock (gate)
        {
            return calls.GetValueOrDefault(call);
        }
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => CallAsync("Ping", _ => true, cancellationToken);

    /// <inheritdoc/>
    public Task<EngineInfo> InfoAsync(CancellationToken cancellationToken) => CallAsync("Info", _ => Info, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    /// <summary>One call: latency, planned faults, everything that is due by now, then the effect; atomic against all others.</summary>
    private async Task<T> CallAsync<T>(string call, Func<DateTimeOffset, T> effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Faults.LatencyOf(call) is var latency && latency > TimeSpan.Zero)
        {
            await Task.Delay(latency, time, cancellationToken);
        }

        var fault = Faults.Take(call);
        lock (gate)
        {
            calls[call] = calls.GetValueOrDefault(call) + 1;
            if (!isUp)
            {
                throw new EngineException(EngineErrorKind.Unreachable, $"{call}: the engine is down");
            }

            if (fault is { AfterEffect: false } early)
            {
                throw new EngineException(early.Kind, $"{call}: planned fault");
            }

            var now = time.GetUtcNow();
            agenda.RunUntil(now);
            try
            {
                var result = effect(now);
                return fault is null
                    ? result
                    : throw new EngineException(EngineErrorKind.Unreachable, $"{call}: planned loss of the answer");
            }
            finally
            {
                Arm(now);
            }
        }
    }

    private void Settle()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (isUp)
            {
                agenda.RunUntil(now);
            }

            Arm(now);
        }
    }

    private void Arm(DateTimeOffset now)
    {
        var due =
            isUp && agenda.NextDue is { } next ? TimeSpan.FromTicks(Math.Max(0, (next - now).Ticks)) : Timeout.InfiniteTimeSpan;
        timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private RecordedContainer? Find(string idOrName) =>
        containers.GetValueOrDefault(idOrName) ?? containers.Values.FirstOrDefault(c => c.Name == idOrName.TrimStart('/'));

    private RecordedContainer Get(string idOrName) =>
        Find(idOrName) ?? throw new EngineException(EngineErrorKind.NotFound, $"No such container: {idOrName}");

    private static ImmutableDictionary<string, string> Keep(IReadOnlyDictionary<string, string> labels) =>
        labels.ToImmutableDictionary(StringComparer.Ordinal);

    private static bool Has(ImmutableDictionary<string, string> labels, IReadOnlyDictionary<string, string> asked) =>
        asked.All(l => labels.TryGetValue(l.Key, out var value) && value == l.Value);

    private sealed record RecordedVolume(ImmutableDictionary<string, string> Labels)
    {
        public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);
    }
}
