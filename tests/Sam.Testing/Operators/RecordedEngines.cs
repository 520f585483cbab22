using System.Collections.Concurrent;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;

namespace Sam.Testing.Operators;

/// <summary>Record-only engines that outlive the operator, as real ones do.</summary>
public sealed class RecordedEngines : IMachineLinks, IDisposable
{
    private readonly RecordOnlyLinks _links;
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private volatile bool _silentAtFirst;

    internal RecordedEngines(EngineScript script) => _links = new RecordOnlyLinks(TimeProvider.System, script);

    /// <summary>The registry and the images' behaviour.</summary>
    public EngineScript Script => _links.Script;

    /// <summary>Engines that are asked for the first time do not answer, as a VM that boots.</summary>
    public bool SilentAtFirst
    {
        get => _silentAtFirst;
        set => _silentAtFirst = value;
    }

    /// <summary>Machines whose engines were made and not forgotten.</summary>
    public IReadOnlyCollection<string> Machines => [.. _seen.Keys];

    /// <summary>The engine of a Machine.</summary>
    public RecordOnlyEngine Engine(string machineId) => _links.Engine(machineId);

    /// <inheritdoc/>
    public IMachineLink For(MachineEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (_seen.TryAdd(endpoint.MachineId, true) && SilentAtFirst)
            Engine(endpoint.MachineId).GoDown();
        return _links.For(endpoint);
    }

    /// <inheritdoc/>
    public void Expect(string machineId) => _links.Expect(machineId);

    /// <inheritdoc/>
    public void Forget(string machineId)
    {
        _seen.TryRemove(machineId, out _);
        _links.Forget(machineId);
    }

    /// <inheritdoc/>
    public void Dispose() => _links.Dispose();
}
