namespace Sam.Playground;

/// <summary><c>make run</c>: everything up, progress shown, until Ctrl-C.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string samples, bool isKept, CancellationToken cancellationToken)
    {
        using var stop = Signals.StopOn(cancellationToken);
        try
        {
            await using var world = await World.StartAsync(samples, isKept, stop.Token);
            World.Say(
                $"ready; in another terminal:\n\n  export KUBECONFIG={Path.Combine(Repository.State, "kubeconfig")}\n  kubectl get sam -A\n"
            );
            var (watcher, endpoints) = (new Watcher(world), new EndpointsFile(world));
            var shown = new HashSet<string>(StringComparer.Ordinal);
            while (true)
            {
                await watcher.ShowAsync(stop.Token);
                await endpoints.WriteAsync(stop.Token);
                foreach (var line in await endpoints.CurlLinesAsync(stop.Token))
                {
                    if (shown.Add(line))
                        World.Say($"serving:\n\n  {line}\n");
                }

                await Task.Delay(Refresh, TimeProvider.System, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            World.Say("stopped; nothing is left behind but .sam/");
            return 0;
        }
    }
}
