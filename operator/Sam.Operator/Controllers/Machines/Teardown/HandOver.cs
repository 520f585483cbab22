using Sam.Crds;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>What belongs to the Machine that takes another one's place. Pure.</summary>
internal static class HandOver
{
    /// <summary>Whether something is the heir's already.</summary>
    public static bool IsDone(Machine machine, IReadOnlyDictionary<string, string> labels) =>
        machine.Spec.HandOverTo is { } heir && labels.GetValueOrDefault(Names.ServerLabels.Machine) == heir;

    /// <summary>Labels as the heir's own things have them, also if somebody took some off; what people added stays.</summary>
    /// <param name="heir">Id of the heir.</param>
    /// <param name="labels">Those that it has.</param>
    /// <param name="own">Those that the old Machine's things have.</param>
    public static Dictionary<string, string> LabelsFor(
        string heir,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string> own
    )
    {
        var all = new Dictionary<string, string>(labels, StringComparer.Ordinal);
        foreach (var (name, value) in own)
            all[name] = value;
        all[Names.ServerLabels.Machine] = heir;
        return all;
    }
}
