using System.Collections.Concurrent;

namespace Sam.Operator.Clients.Docker.RecordOnly;

/// <summary>One record-only engine per Machine.</summary>
/// <param name="time">What their states and health move by.</param>
/// <param name="script">The registry and the images' behaviour, shared by all.</param>
public sealed class RecordOnlyLinks(TimeProvider time, EngineScript? script = null) : IMachineLinks, IDisposable
{
    private readonly ConcurrentDictionary<string, RecordOnlyEngine> engines = new(StringComparer.Ordinal);

    /// <summary>The registry and the images' behaviour.</summary>
    public EngineScript Script { get; } = script ?? new EngineScript();

    /// <summary>The engine of one Machine; made when first asked for.</summary>
    public RecordOnlyEngine Engine(string machineId) => engines.GetOrAdd(machineId, id => new RecordOnlyEngine(time, Script, id));

    /// <inheritdoc/>
    public IMachineLink For(MachineEndpoint endpoint) => Engine(endpoint.MachineId);

    /// <inheritdoc/>
    public void Expect(string machineId) { }

    /// <inheritdoc/>
    public void Forget(string machineId)
    {
        // The Machine is gone, and all that was on it.
        if (engines.TryRemove(machineId, out var engine))
        {
            engine.GoDown();
            engine.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var machineId in engines.Keys)
        {
            Forget(machineId);
        }
    }
}
