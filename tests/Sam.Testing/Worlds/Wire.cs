using Sam.Testing.Simulations;

namespace Sam.Testing.Worlds;

/// <summary>The way to an outside system over HTTP; every write is an effect that the gate may strike.</summary>
internal sealed class Wire(Simulation sim, HttpMessageHandler far, Func<TimeSpan> latency, EffectGate gate)
    : DelegatingHandler(far)
{
    /// <summary>While true nobody reaches the far end.</summary>
    public Func<bool> IsCut { get; init; } = () => false;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        sim.CarryAsync(latency, () => ServeAsync(request, cancellationToken), cancellationToken);

    private async Task<HttpResponseMessage> ServeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsCut())
            throw new HttpRequestException("No route to host");
        if (request.Method == HttpMethod.Get)
            return await base.SendAsync(request, cancellationToken);
        var effect = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        if (!gate.Arrive(effect))
            throw new HttpRequestException("The request was lost");
        var answer = await base.SendAsync(request, cancellationToken);
        if (gate.Happened(effect))
            return answer;
        answer.Dispose();
        throw new HttpRequestException("The answer was lost");
    }
}
