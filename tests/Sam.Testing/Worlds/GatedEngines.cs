using System.Reflection;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;

namespace Sam.Testing.Worlds;

/// <summary>The way of one process to the engines: every call that changes something is an effect that the gate may strike.</summary>
public sealed class GatedEngines(RecordOnlyLinks engines, EffectGate gate) : IMachineLinks
{
    /// <inheritdoc/>
    public IMachineLink For(MachineEndpoint endpoint)
    {
        var proxy = DispatchProxy.Create<IMachineLink, GatedLink>();
        var link = (GatedLink)(object)proxy;
        (link.Far, link.Gate) = (engines.For(endpoint), gate);
        return proxy;
    }

    /// <inheritdoc/>
    public void Forget(string machineId) => engines.Forget(machineId);

    /// <inheritdoc/>
    public void Expect(string machineId) => engines.Expect(machineId);
}

/// <summary>One engine behind the gate.</summary>
public class GatedLink : DispatchProxy
{
    private static readonly string[] s_reads = ["Ping", "Info", "List", "Inspect", "Tail", "Resolve", "Has", "Get", "Watch"];
    private static readonly MethodInfo s_answer = typeof(GatedLink).GetMethod(
        nameof(AnswerAsync),
        BindingFlags.Instance | BindingFlags.NonPublic
    )!;

    internal IMachineLink Far { get; set; } = null!;

    internal EffectGate Gate { get; set; } = null!;

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        if (Array.Exists(s_reads, read => method.Name.StartsWith(read, StringComparison.Ordinal)))
            return method.Invoke(Far, args);
        var effect = $"engine {method.Name} {args?.FirstOrDefault()}";
        return method.ReturnType.IsGenericType
            ? s_answer.MakeGenericMethod(method.ReturnType.GetGenericArguments()).Invoke(this, [effect, method, args])
            : DoAsync(effect, () => (Task)method.Invoke(Far, args)!);
    }

    private async Task<T> AnswerAsync<T>(string effect, MethodInfo method, object?[]? args)
    {
        Task<T>? answer = null;
        await DoAsync(effect, () => answer = (Task<T>)method.Invoke(Far, args)!);
        return await answer!;
    }

    private async Task DoAsync(string effect, Func<Task> act)
    {
        if (!Gate.Arrive(effect))
            throw new EngineException(EngineErrorKind.Unreachable, "The request was lost");
        await act();
        if (!Gate.Happened(effect))
            throw new EngineException(EngineErrorKind.Unreachable, "The answer was lost");
    }
}
