namespace Sam.Playground;

/// <summary><c>make demo</c>: the flow, checked from outside; 0 or 1.</summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(string samples, CancellationToken cancellationToken)
    {
        using var stop = Signals.StopOn(cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        var checks = new Checks();
        await using (var world = await World.StartAsync(samples, isKept: false, stop.Token))
        {
            World.Say($"everything is up after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
            var served = TimeProvider.System.GetTimestamp();
            var watcher = new Watcher(world);
            var flow = new DemoFlow(world, watcher, checks);
            await flow.ServeAsync(stop.Token);
            World.Say(
                $"from apply to served: {TimeProvider.System.GetElapsedTime(served).TotalSeconds:0.0} s; operator RSS {world.Operator.ResidentMiB} MiB"
            );
            World.Say(
                $"provider calls so far: {string.Join(", ", world.Hetzner.Calls().Select(call => $"{call.Key} {call.Value}"))}"
            );
            World.Say($"writes to Kubernetes so far: {await OperatorFigures.KubernetesWritesAsync(stop.Token)}");
            if (world.Servers is not null)
            {
                var (code, output) = await ReadmeTour.RunAsync(stop.Token);
                World.Say(output);
                checks.That(
                    code == 0 && output.Contains("Hello from SAM demo 1", StringComparison.Ordinal),
                    "the README's tour runs as it stands"
                );
            }

            await flow.RollOverAsync(stop.Token);
            var node = new NodeFlow(world, flow, watcher, checks);
            await node.RebootAsync("Hello from SAM demo 2", stop.Token);
            await new RouteFlow(world, watcher, checks).RunAsync("Hello from SAM demo 2", stop.Token);
            await flow.FailReleaseAsync(stop.Token);
            await node.ReplaceAsync("Hello from SAM demo 2", stop.Token);
            await flow.DeleteAsync(stop.Token);
            checks.That(world.Hetzner.ServersCreated() == 2, $"two servers were bought in all: {world.Hetzner.ServersCreated()}");
        }

        checks.Close();
        return checks.ExitCode;
    }
}
