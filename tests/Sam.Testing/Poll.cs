using System.Net.Sockets;

namespace Sam.Testing;

/// <summary>Looks until something holds, with a bound; the only way to wait in tests.</summary>
public static class Poll
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long anything may take; far above what it takes, since a bound is for what never happens.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Returns once the condition holds.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="explain">What to say if it never does.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<Task<string>> explain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holds);
        ArgumentNullException.ThrowIfNull(explain);
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"Not within {Patience.TotalSeconds:0} s: {await explain()}");
            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Returns once the condition holds.</summary>
    public static Task UntilAsync(Func<bool> holds, string what, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(holds()), () => Task.FromResult(what), cancellationToken);

    /// <summary>Returns once the answer is as expected; a connection that fails is an answer that is not.</summary>
    public static async Task UntilIsAsync(string expected, Func<Task<string>> ask, CancellationToken cancellationToken)
    {
        var last = "never asked";
        await UntilAsync(
            async () =>
            {
                try
                {
                    last = await ask();
                }
                catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
                {
                    last = fault.Message;
                }

                return last == expected;
            },
            () => Task.FromResult($"expected {expected}, at last: {last}"),
            cancellationToken
        );
    }
}
