using Sam.Crds;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.Machines.Teardown;

/// <summary>What belongs to the Machine that takes another one's place. Pure.</summary>
internal static class HandOver
{
    /// <summary>Whether something is the heir's already.</summary>
    public static bool IsDone(Machine machine, IReadOnlyDictionary<string, string> labels) =>
        machine.Spec.HandOverTo is { } heir && labels.GetValueOrDefault(Names.ServerLabels.Machine) == heir;

    /// <summary>Labels as the heir's own things have them; what people added stays.</summary>
    public static IReadOnlyDictionary<string, string> LabelsFor(string heir, IReadOnlyDictionary<string, string> labels) =>
        new Dictionary<string, string>(labels, StringComparer.Ordinal) { [Names.ServerLabels.Machine] = heir };

    /// <summary>Name of the heir's server, which its kept address has too.</summary>
    public static string NameOf(string heir) => $"sam-{heir}";

    /// <summary>Name of the heir's volume.</summary>
    public static string NameOf(string heir, string volume) => $"{NameOf(heir)}-{volume}";
}
