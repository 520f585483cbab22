namespace Sam.Testing.Simulations;

/// <summary>The way between a process and what is outside of it.</summary>
internal static class Network
{
    /// <summary>
    /// Carries a request out and its answer back, each a turn of its own, so that the seed chooses who comes first. What was sent is on its way, and
    /// arrives even if the sender is stopped or killed meanwhile.
    /// </summary>
    /// <param name="sim">Where both live.</param>
    /// <param name="latency">How long each way takes.</param>
    /// <param name="serve">What the far end does.</param>
    /// <param name="cancellationToken">The sender hangs up.</param>
    public static async Task<TAnswer> CarryAsync<TAnswer>(
        this Simulation sim,
        Func<TimeSpan> latency,
        Func<Task<TAnswer>> serve,
        CancellationToken cancellationToken
    )
        where TAnswer : IDisposable
    {
        cancellationToken.ThrowIfCancellationRequested();
        sim.AssertInside("the network");
        var answered = new TaskCompletionSource<TAnswer>();
        _ = sim.Start(() => GoAsync(sim, latency, serve, answered, cancellationToken));
        return await answered.Task;
    }

    private static async Task GoAsync<TAnswer>(
        Simulation sim,
        Func<TimeSpan> latency,
        Func<Task<TAnswer>> serve,
        TaskCompletionSource<TAnswer> answered,
        CancellationToken cancellationToken
    )
        where TAnswer : IDisposable
    {
        TAnswer? answer = default;
        try
        {
            await Task.Delay(latency(), sim.Clock, cancellationToken);
            answer = await serve();
            await Task.Delay(latency(), sim.Clock, cancellationToken);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            answered.SetResult(answer);
        }
#pragma warning disable CA1031 // it belongs to whoever sent the request
        catch (Exception fault)
#pragma warning restore CA1031
        {
            answer?.Dispose();
            answered.SetException(fault);
        }
    }
}
