using Sam.DevCluster.Admission;

namespace Sam.DevCluster.Http;

/// <summary>What a write request asked for in its query, and the warnings collected on the way.</summary>
internal sealed record WriteOptions(bool DryRun, string Manager, string FieldValidation, bool Force)
{
    public List<string> Warnings { get; init; } = [];

    /// <summary>What the write must pass; null for the cluster's own.</summary>
    public IWriteGate? Gate { get; init; }

    /// <summary>Whether the object came out of a patch; its faults are then worded as the patch's.</summary>
    public bool IsPatch { get; init; }

    public static readonly WriteOptions Internal = new(false, "kube-apiserver", "Ignore", false);
}
