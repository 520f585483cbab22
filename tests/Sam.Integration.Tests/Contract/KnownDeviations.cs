namespace Sam.Integration.Tests.Contract;

/// <summary>The list of steps at which the dev cluster is known to answer unlike a real control plane, each with a reason.</summary>
/// <remarks>
/// One line a step: <c>area/case#step  reason</c>. A reason that begins with <c>timing:</c> marks a step whose recorded answer
/// depends on the moment it was asked; such a step may pass.
/// </remarks>
internal sealed class KnownDeviations
{
    private readonly Dictionary<string, string> _reasons = [];

    public KnownDeviations(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            var parts = line.Split("  ", 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || parts[1].Length == 0)
                throw new FormatException($"'{line}' gives no reason");
            _reasons.Add(parts[0], parts[1]);
        }
    }

    /// <summary>What the list and the play do not agree on.</summary>
    /// <param name="played">The cases that were played.</param>
    /// <param name="deviations">What was seen, by <c>area/case#step</c>.</param>
    public IEnumerable<string> Disagreements(IReadOnlySet<string> played, IReadOnlyDictionary<string, string> deviations)
    {
        foreach (var (step, text) in deviations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            if (!_reasons.ContainsKey(step))
                yield return $"{step} {text}";
        foreach (var (step, reason) in _reasons)
            if (
                !deviations.ContainsKey(step)
                && played.Contains(step.Split('#')[0])
                && !reason.StartsWith("timing:", StringComparison.Ordinal)
            )
                yield return $"{step} is listed but passes: take the line out";
    }
}
