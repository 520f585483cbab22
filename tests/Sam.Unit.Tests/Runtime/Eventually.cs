using System.Diagnostics;

namespace Sam.Unit.Tests.Runtime;

/// <summary>Waits for what other tasks do in virtual time; real time is only the patience before a test fails.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static async Task True(Func<bool> condition, string what)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(startedAt) < s_patience, $"Never happened: {what}");
            await Task.Yield();
        }
    }
}
