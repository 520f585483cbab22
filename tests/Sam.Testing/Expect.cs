using k8s.Models;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using Sam.Runtime.Resources;

namespace Sam.Testing;

/// <summary>What a test waits for, in one namespace. A failure shows the whole state that was seen last.</summary>
public sealed class Expect
{
    private readonly KubeObjects _objects;

    internal Expect(KubeObjects objects) => _objects = objects;

    /// <summary>Ready is True for the present spec.</summary>
    public Task<T> ReadyAsync<T>(string name, CancellationToken cancellationToken)
        where T : IConditionedResource => ConditionAsync<T>(name, "Ready", "True", null, cancellationToken);

    /// <summary>A condition has this status and reason, for the present spec.</summary>
    /// <returns>The object as it was then.</returns>
    public Task<T> ConditionAsync<T>(string name, string type, string status, string? reason, CancellationToken cancellationToken)
        where T : IConditionedResource =>
        ThatAsync<T>(
            name,
            seen =>
                seen.ConditionedStatus.ObservedGeneration == seen.Metadata.Generation
                && Find(seen, type) is { } condition
                && condition.Status == status
                && (reason is null || condition.Reason == reason),
            $"{type}={status} {reason}",
            cancellationToken
        );

    /// <summary>A condition has this reason, and with it its status, for the present spec.</summary>
    /// <returns>The object as it was then.</returns>
    public Task<T> ReasonAsync<T>(string name, Reason reason, CancellationToken cancellationToken)
        where T : IConditionedResource
    {
        ArgumentNullException.ThrowIfNull(reason);
        return ConditionAsync<T>(name, reason.Condition.Name, reason.Status.ToString(), reason.Name, cancellationToken);
    }

    /// <summary>An object fits.</summary>
    public async Task<T> ThatAsync<T>(string name, Func<T, bool> fits, string what, CancellationToken cancellationToken)
        where T : IConditionedResource
    {
        ArgumentNullException.ThrowIfNull(fits);
        T? last = default;
        await Poll.UntilAsync(
            async () => (last = await _objects.FindAsync<T>(name, cancellationToken)) is { } seen && fits(seen),
            () => Task.FromResult($"{ResourceKind.Of<T>().Kind} {name}: {what}; seen: {Show(last)}"),
            cancellationToken
        );
        return last!;
    }

    /// <summary>The object does not exist any more.</summary>
    public async Task GoneAsync<T>(string name, CancellationToken cancellationToken)
        where T : IConditionedResource
    {
        T? last = default;
        await Poll.UntilAsync(
            async () => (last = await _objects.FindAsync<T>(name, cancellationToken)) is null,
            () => Task.FromResult($"{ResourceKind.Of<T>().Kind} {name} is not gone; seen: {Show(last)}"),
            cancellationToken
        );
    }

    /// <summary>A condition of an object; null if it has none of that type.</summary>
    public static V1Condition? Find(IConditionedResource seen, string type)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return seen.ConditionedStatus.Conditions.FirstOrDefault(condition => condition.Type == type);
    }

    private static string Show(IConditionedResource? seen) =>
        seen is null
            ? "nothing"
            : $"generation {seen.Metadata.Generation}, observed {seen.ConditionedStatus.ObservedGeneration}\n"
                + string.Join(
                    '\n',
                    seen.ConditionedStatus.Conditions.Select(c => $"  {c.Type}={c.Status} {c.Reason}: {c.Message}")
                );
}
