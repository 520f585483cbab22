using System.Text.Json.Nodes;
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

    /// <summary>What is wrong with the patch itself: duplicate fields, unknown fields of operations.</summary>
    public IReadOnlyList<string> PatchProblems { get; init; } = [];

    /// <summary>The strategic merge patch, which refusals quote; null for other writes.</summary>
    public JsonNode? StrategicPatch { get; init; }

    public static readonly WriteOptions Internal = new(false, "kube-apiserver", "Ignore", false);
}
