using Sam.Testing.Simulations;

namespace Sam.Testing.Worlds;

/// <summary>The way to an outside system: a request and its answer are turns of their own, and what was sent arrives even if the sender dies.</summary>
internal sealed class Wire(Simulation sim, HttpMessageHandler far, Func<TimeSpan> latency, EffectGate gate)
    : DelegatingHandler(far)
{
    /// <summary>While true nobody reaches the far end.</summary>
    public Func<bool> IsCut { get; init; } = () => false;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        sim.AssertInside("an outside system");
        var answered = new TaskCompletionSource<HttpResponseMessage>();
        _ = sim.Start(() => CarryAsync(request, answered, cancellationToken));
        return await answered.Task;
    }

    private async Task CarryAsync(
        HttpRequestMessage request,
        TaskCompletionSource<HttpResponseMessage> answered,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await Task.Delay(latency(), sim.Clock, cancellationToken);
            if (IsCut())
                throw new HttpRequestException("No route to host");
            var effect = request.Method == HttpMethod.Get ? null : $"{request.Method} {request.RequestUri!.AbsolutePath}";
            if (effect is not null && !gate.Arrive(effect))
                throw new HttpRequestException("The request was lost");
            var answer = await base.SendAsync(request, cancellationToken);
            if (effect is not null && !gate.Happened(effect))
                throw new HttpRequestException("The answer was lost");
            await Task.Delay(latency(), sim.Clock, cancellationToken);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            answered.SetResult(answer);
        }
#pragma warning disable CA1031 // it belongs to whoever sent the request
        catch (Exception fault)
#pragma warning restore CA1031
        {
            answered.SetException(fault);
        }
    }
}
