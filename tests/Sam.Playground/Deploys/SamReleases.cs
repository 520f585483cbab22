using System.Text.Json.Nodes;

namespace Sam.Playground.Deploys;

/// <summary>One release as it went.</summary>
/// <param name="Kind">good, unhealthy, exits or missing.</param>
/// <param name="Took">Until the new version answered, or the bad one was told as reverted.</param>
/// <param name="Asked">Requests meanwhile.</param>
/// <param name="Failed">Of them without a retry.</param>
/// <param name="AsExpected">Applied if good, reverted with the old one serving if bad.</param>
internal sealed record ReleaseFigure(string Kind, TimeSpan Took, long Asked, long Failed, bool AsExpected);

/// <summary>A rollback: to which release, and how long it took.</summary>
internal sealed record RollbackFigure(string To, TimeSpan Took);

/// <summary>Releases by editing the ComposeApp, under load.</summary>
internal sealed class SamReleases(World world, Load load)
{
    private const int OneBadIn = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly string Path = World.PathOf("composeapps", "shop");
    private readonly List<(long Number, string Says)> _good = [(2, Says(1))];
    private int _version = 1;

    /// <summary>Puts a server there that bears the load, with the times of the bench; load comes after it.</summary>
    public static async Task PrepareAsync(World world, Watcher watcher, CancellationToken cancellationToken)
    {
        await world.Kube.PatchAsync(
            Path,
            new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["compose"] = Compose(world, "demo/site:1", 0),
                    ["stableTime"] = "1s",
                    ["drainTime"] = "1s",
                    ["healthTimeout"] = "5s",
                },
            },
            cancellationToken
        );
        await watcher.UntilAsync(
            async () =>
                (long?)(await world.Kube.GetAsync(Path, cancellationToken))?["status"]?["appliedRelease"] == 2
                && await watcher.HasAsync("composeapps", "shop", "Ready", "True", cancellationToken),
            Patience,
            cancellationToken
        );
    }

    /// <summary>Every fifth one is bad, of a kind that the seed chooses.</summary>
    public async Task<List<ReleaseFigure>> RunAsync(int runs, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var figures = new List<ReleaseFigure>();
        for (var run = 1; run <= runs; run++)
        {
            var figure =
                run % OneBadIn == 0
                    ? await BadAsync(random.Next(3), run, cancellationToken)
                    : await GoodAsync(run, cancellationToken);
            figures.Add(figure);
            World.Say(
                $"release {run}: {figure.Kind} {figure.Took.TotalSeconds:0.0} s, {figure.Failed} of {figure.Asked} failed{(figure.AsExpected ? "" : ", NOT AS EXPECTED")}"
            );
        }

        return figures;
    }

    /// <summary>Back to the last good release but one, to the one before, and to the oldest that is kept.</summary>
    public async Task<List<RollbackFigure>> RollBackAsync(CancellationToken cancellationToken)
    {
        var figures = new List<RollbackFigure>();
        var kept = (await StatusAsync(cancellationToken))!["releases"]!
            .AsArray()
            .Select(release => (long)release!["number"]!)
            .ToHashSet();
        var good = _good.Where(release => kept.Contains(release.Number)).Reverse().ToList();
        foreach (var (number, says) in good.Skip(1).Take(2).Append(good[^1]).Distinct())
        {
            var started = TimeProvider.System.GetTimestamp();
            await PatchAsync(new JsonObject { ["rollbackTo"] = number }, cancellationToken);
            await UntilAsync(
                async () =>
                    (long?)(await StatusAsync(cancellationToken))?["appliedRelease"] == number
                    && load.Last.Contains(says, StringComparison.Ordinal),
                cancellationToken
            );
            figures.Add(new RollbackFigure($"release {number}", TimeProvider.System.GetElapsedTime(started)));
        }

        return figures;
    }

    private async Task<ReleaseFigure> GoodAsync(int run, CancellationToken cancellationToken)
    {
        _version = 3 - _version;
        var says = Says(_version);
        return await MeasureAsync(
            "good",
            Compose(world, $"demo/site:{_version}", run),
            async () =>
            {
                var status = await StatusAsync(cancellationToken);
                if (
                    (string?)status?["applyState"] != "Applied"
                    || status["appliedRelease"]!.ToString() != status["desiredRelease"]!.ToString()
                    || (long)status["desiredRelease"]! == _good[^1].Number
                )
                    return false;
                _good.Add(((long)status["appliedRelease"]!, says));
                return load.Last.Contains(says, StringComparison.Ordinal);
            },
            () => load.Last.Contains(says, StringComparison.Ordinal),
            cancellationToken
        );
    }

    private async Task<ReleaseFigure> BadAsync(int kind, int run, CancellationToken cancellationToken)
    {
        var serving = (long)(await StatusAsync(cancellationToken))!["appliedRelease"]!;
        var says = Says(_version);
        var (name, compose) = kind switch
        {
            0 => ("unhealthy", Compose(world, "demo/web:bad", run)),
            1 => ("exits", Compose(world, $"demo/site:{_version}", run, "command: [\"sh\", \"-c\", \"exit 7\"]")),
            _ => ("missing", Compose(world, "demo/web:nowhere", run)),
        };
        return await MeasureAsync(
            name,
            compose,
            async () =>
                await ToldAsync(cancellationToken) && (long?)(await StatusAsync(cancellationToken))?["appliedRelease"] == serving,
            () => load.Last.Contains(says, StringComparison.Ordinal),
            cancellationToken
        );
    }

    private async Task<ReleaseFigure> MeasureAsync(
        string kind,
        string compose,
        Func<Task<bool>> ended,
        Func<bool> serves,
        CancellationToken cancellationToken
    )
    {
        var (asked, failed, _) = load.Now;
        var started = TimeProvider.System.GetTimestamp();
        await PatchAsync(new JsonObject { ["compose"] = compose }, cancellationToken);
        var inTime = await UntilAsync(ended, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(started);
        // Until the old container is drained and gone: what it drops is this release's too.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
        var now = load.Now;
        return new ReleaseFigure(kind, took, now.Asked - asked, now.FailedOnce - failed, inTime && serves());
    }

    private async Task<bool> ToldAsync(CancellationToken cancellationToken)
    {
        var app = await world.Kube.GetAsync(Path, cancellationToken);
        return app!["status"]!["conditions"]!
            .AsArray()
            .Any(condition =>
                (string?)condition!["reason"] is "ReleaseReverted" or "ImageNotFound"
                && (long?)condition["observedGeneration"] == (long?)app["metadata"]!["generation"]
            );
    }

    private async Task<bool> UntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            if (await holds())
                return true;
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }

        return false;
    }

    private async Task<JsonNode?> StatusAsync(CancellationToken cancellationToken) =>
        (await world.Kube.GetAsync(Path, cancellationToken))?["status"];

    private Task PatchAsync(JsonObject spec, CancellationToken cancellationToken) =>
        world.Kube.PatchAsync(Path, new JsonObject { ["spec"] = spec }, cancellationToken);

    private static string Compose(World world, string image, int run, string more = "") =>
        $"""
            services:
              web:
                image: {world.Lab!.Registry}/{image}
                init: true
                environment: [RELEASE={run}]
                {more}
            """;

    private static string Says(int version) => $"Hello from SAM demo {version}";
}
