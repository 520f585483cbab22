using System.Runtime.InteropServices;

namespace Sam.Playground;

/// <summary>Ctrl-C and SIGTERM end a run in order; everything started is taken down first.</summary>
internal static class Signals
{
    private static readonly List<PosixSignalRegistration> s_held = [];

    /// <summary>Cancelled by the first signal.</summary>
    public static CancellationTokenSource StopOn(CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            s_held.Add(
                PosixSignalRegistration.Create(
                    signal,
                    context =>
                    {
                        context.Cancel = true;
                        stop.Cancel();
                    }
                )
            );
        }

        return stop;
    }
}
