using Sam.Runtime.Abstractions;

namespace Sam.Runtime.Steps;

/// <summary>
/// Keeps <c>status.steps</c>: when each step began and when its condition first held. The rule, on which deadlines rest:
/// <list type="number">
/// <item>a step begins when a run first reaches it, and a restart of the process changes nothing;</item>
/// <item>it is finished when it first continues, and stays so while it continues;</item>
/// <item>a finished step that waits or stops has lost what it had: it begins anew, and what follows it is cleared, as its ground is gone;</item>
/// <item>a fault proves nothing: it changes no time;</item>
/// <item>a new generation is a new wish: what was not finished begins anew.</item>
/// </list>
/// </summary>
/// <param name="status">The status to keep.</param>
/// <param name="names">The names of the list's steps, in order.</param>
/// <param name="now">The time of the run, in whole seconds.</param>
internal sealed class StepTimes(ConditionedStatus status, IReadOnlyList<string> names, DateTimeOffset now)
{
    /// <summary>Prepares a run; entries of steps that the list no longer has go, unless it is a teardown.</summary>
    public void Prepare(bool isNewGeneration, bool isTeardown)
    {
        for (var i = status.Steps.Count - 1; i >= 0; i--)
        {
            var step = status.Steps[i];
            var isForeign = !names.Contains(step.Name);
            if (isForeign ? !isTeardown : isNewGeneration && step.FinishedAt is null)
                status.Steps.RemoveAt(i);
        }
    }

    /// <summary>Begins a step if it has not begun; returns when its wait began (now, if it was finished).</summary>
    public DateTimeOffset Begin(string name)
    {
        var step = Entry(name);
        step.StartedAt ??= now;
        return step.FinishedAt is null ? step.StartedAt.Value : now;
    }

    /// <summary>The step continues.</summary>
    public void Finish(string name) => Entry(name).FinishedAt ??= now;

    /// <summary>The step waits or stops.</summary>
    public void Unfinish(string name)
    {
        var step = Entry(name);
        if (step.FinishedAt is null)
            return;
        step.StartedAt = now;
        step.FinishedAt = null;
        foreach (var later in names.SkipWhile(other => other != name).Skip(1))
            Remove(later);
    }

    private StepStatus Entry(string name)
    {
        if (status.Steps.FirstOrDefault(step => step.Name == name) is { } found)
            return found;
        var added = new StepStatus { Name = name };
        status.Steps.Add(added);
        return added;
    }

    private void Remove(string name)
    {
        if (status.Steps.FirstOrDefault(step => step.Name == name) is { } found)
            status.Steps.Remove(found);
    }
}
