using Microsoft.AspNetCore.Http.Features;
using Sam.DevCluster.Http;

namespace Sam.DevCluster.Faults;

/// <summary>Lets a request through, or does to it what the rules say.</summary>
internal sealed class FaultGate(DevClusterFaults faults, TimeProvider time)
{
    public async Task PassAsync(HttpContext context, RequestFacts facts, Func<Task> handle)
    {
        var (latency, end) = faults.Meet(facts);
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, time, context.RequestAborted);
        switch (end?.Action)
        {
            case null:
                await handle();
                break;
            case FaultAction.Status:
                throw Refusal(end);
            // A watch is all answer: nothing of it happens without one.
            case FaultAction.LoseAnswer when facts.Verb != "watch":
                await LoseAsync(context, handle, share: 0);
                break;
            case FaultAction.HalfAnswer when facts.Verb != "watch":
                await LoseAsync(context, handle, share: 0.5);
                break;
            default:
                context.Abort();
                break;
        }
    }

    private static async Task LoseAsync(HttpContext context, Func<Task> handle, double share)
    {
        var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var answer = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        try
        {
            await handle();
            await context.Response.BodyWriter.FlushAsync();
        }
        catch (StatusException fault)
        {
            await Answers.WriteAsync(context, fault); // a refusal gets lost as well
        }
        context.Features.Set(real);
        if (share > 0)
        {
            context.Response.ContentLength = answer.Length;
            await real.Stream.WriteAsync(answer.ToArray().AsMemory(0, (int)(answer.Length * share)), context.RequestAborted);
            await real.Stream.FlushAsync(context.RequestAborted);
        }
        context.Abort();
    }

    private static StatusException Refusal(DevClusterFault fault) =>
        fault.Code switch
        {
            409 => new StatusException(409, "Conflict", "injected fault: the object has been modified"),
            410 => new StatusException(410, "Expired", "injected fault: too old resource version"),
            429 => new StatusException(429, "TooManyRequests", "injected fault: too many requests")
            {
                RetryAfterSeconds = fault.RetryAfter,
            },
            503 => new StatusException(503, "ServiceUnavailable", "injected fault: the server is unavailable")
            {
                RetryAfterSeconds = fault.RetryAfter,
            },
            504 => new StatusException(504, "Timeout", "injected fault: the request timed out"),
            _ => new StatusException(fault.Code, "InternalError", "injected fault: internal error"),
        };
}
