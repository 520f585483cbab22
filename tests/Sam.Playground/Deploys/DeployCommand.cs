using System.Net;

namespace Sam.Playground.Deploys;

/// <summary><c>make bench-deploy</c>: releases under load by SAM, then by `docker compose up -d` behind the same Caddy; 0 if SAM dropped none.</summary>
internal static class DeployCommand
{
    private const string Url = "https://shop.apps.sam.test/";

    public static async Task<int> RunAsync(int runs, int seed, string? page, CancellationToken cancellationToken)
    {
        using var stop = Signals.StopOn(cancellationToken);
        var checks = new Checks();
        await using var world = await World.StartAsync("crds/samples", isKept: false, stop.Token);
        if (world.Servers is null)
        {
            World.Say("no engine can be had here: nothing to measure");
            return 1;
        }

        var watcher = new Watcher(world);
        await new DemoFlow(world, watcher, checks).ServeAsync(stop.Token);
        await SamReleases.PrepareAsync(world, watcher, stop.Token);
        await using var load = await StartLoadAsync(world, stop.Token);
        var releases = new SamReleases(world, load);
        var figures = await releases.RunAsync(runs, seed, stop.Token);
        var (asked, once, twice) = load.Now;
        var faults = load.Faults;
        var rollbacks = await releases.RollBackAsync(runs, stop.Token);
        var rival = await new ComposeRival(world, load).RunAsync(stop.Token);

        checks.That(twice == 0, $"{asked} requests, {once} failed at first, {twice} failed after one retry");
        checks.That(once == 0, $"without a retry: {string.Join("; ", faults.Select(fault => $"{fault.Value} x {fault.Key}"))}");
        checks.That(
            figures.All(figure => figure.AsExpected),
            $"{figures.Count(figure => figure.AsExpected)} of {figures.Count} releases ended as they should"
        );
        checks.That(
            rollbacks.Skip(1).Take(2).All(rollback => rollback.Took < TimeSpan.FromSeconds(20)),
            "a rollback to one of the last two good releases takes less than 20 s"
        );
        var report = new DeployPage(figures, rollbacks, rival, asked, once, twice).Text();
        World.Say(report);
        if (page is not null)
            await File.WriteAllTextAsync(page, report, stop.Token);
        checks.Close();
        return checks.ExitCode;
    }

    private static async Task<Load> StartLoadAsync(World world, CancellationToken cancellationToken)
    {
        var node = await world.Kube.GetAsync(World.PathOf("deploymentnodes", "edge-1"), cancellationToken);
        return new Load(
            IPAddress.Parse((string)node!["status"]!["publicIPv4"]!),
            (string)node["status"]!["caddy"]!["rootCertificate"]!,
            Url
        );
    }
}
