using System.Collections.Concurrent;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.Machines.Provision;

/// <summary>
/// What was said of a Machine's volumes when they could not be had, until it is time to ask again: the Machine is looked at far more often than that. Memory only: losing
/// it costs a call.
/// </summary>
internal sealed class VolumePauses
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (long? Generation, DateTimeOffset Until, StepResult Said)> _pauses = new(
        StringComparer.Ordinal
    );

    /// <summary>What was said, if it is not time yet; null if the provider is to be asked. A changed spec is tried at once.</summary>
    public StepResult? Find(MachineContext context) =>
        _pauses.TryGetValue(context.Machine.Metadata.Uid, out var pause)
        && pause.Generation == context.Machine.Metadata.Generation
        && context.Run.Now < pause.Until
            ? pause.Said
            : null;

    /// <summary>Remembers what is said now.</summary>
    public StepResult Hold(MachineContext context, StepResult said)
    {
        foreach (var (uid, pause) in _pauses.Where(known => known.Value.Until < context.Run.Now))
            _pauses.TryRemove(KeyValuePair.Create(uid, pause));
        _pauses[context.Machine.Metadata.Uid] = (context.Machine.Metadata.Generation, context.Run.Now + s_pause, said);
        return said;
    }
}
