using System.Collections.Concurrent;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>How a command ended. Its words are as the command said them, secrets included, and are never printed.</summary>
/// <param name="Result">The end.</param>
/// <param name="Message">What happened, in our words.</param>
/// <param name="Words">Its error output; null if nobody heard it.</param>
internal sealed record HookOutcome(HookResult Result, string Message, string? Words = null)
{
    public override string ToString() => $"{Result}: {Message}";
}

/// <summary>Ends of hooks that this process saw, from the one who followed the command to the app's next run.</summary>
internal sealed class HookOutcomes
{
    private readonly ConcurrentDictionary<string, HookOutcome> _known = new(StringComparer.Ordinal);

    /// <summary>A command ended.</summary>
    public void Put(string execId, HookOutcome outcome) => _known[execId] = outcome;

    /// <summary>How a command ended; null if it is not known yet.</summary>
    public HookOutcome? Find(string execId) => _known.GetValueOrDefault(execId);

    /// <summary>It is in status now.</summary>
    public void Forget(string execId) => _known.TryRemove(execId, out _);
}
