using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Admission;

/// <summary>One write by a client, as admission sees it.</summary>
internal sealed record WriteAttempt(
    string Operation,
    ResourceType Type,
    string Namespace,
    string Name,
    string Subresource,
    WriteOptions Options
);

/// <summary>What stands between a client's write and the store; the cluster's own writes pass without.</summary>
internal interface IWriteGate
{
    /// <summary>Whether checks may wait for somebody else, so that they need a thread of their own.</summary>
    bool CallsOut { get; }

    /// <summary>The object with the changes that admission makes.</summary>
    JsonObject? Mutate(WriteAttempt attempt, JsonObject? node, JsonObject? old);

    /// <summary>Throws a refusal.</summary>
    void Validate(WriteAttempt attempt, JsonObject? node, JsonObject? old);
}

/// <summary>Runs writes where they may block.</summary>
internal static class GatedWork
{
    public static Task<T> RunAsync<T>(IWriteGate? gate, Func<T> work) =>
        gate is { CallsOut: true }
            ? Task.Factory.StartNew(work, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.FromResult(work());
}
