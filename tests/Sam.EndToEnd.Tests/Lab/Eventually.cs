using System.Net.Sockets;

namespace Sam.EndToEnd.Tests.Lab;

/// <summary>Waits for a real machine: asks again until it answers as expected, three minutes at most: two processors may be shared by many.</summary>
internal static class Eventually
{
    public static async Task AsyncIs(string expected, Func<Task<string>> ask)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var last = "never asked";
        while (clock.GetElapsedTime(began) < TimeSpan.FromMinutes(3))
        {
            try
            {
                last = await ask();
                if (last == expected)
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
            {
                last = error.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"expected {expected}, at last: {last}");
    }
}
