using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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

    // Its image is used once.
    private const int OldOnly = 3;
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

    /// <summary>
    /// Back to each of the last two good releases, and to one whose image is on the node no more; beside it what a bare pull of that image takes on the same engine.
    /// </summary>
    public async Task<List<RollbackFigure>> RollBackAsync(int runs, CancellationToken cancellationToken)
    {
        await GoodAsync(runs + 1, cancellationToken, OldOnly);
        var old = _good[^1];
        await GoodAsync(runs + 2, cancellationToken);
        await GoodAsync(runs + 3, cancellationToken);
        // Beside the one that serves, the images of two good ones stay on the node.
        await GoodAsync(runs + 4, cancellationToken);
        var image = await DigestAsync(old.Number, cancellationToken);
        if (!await UntilAsync(async () => !await HasAsync(image, cancellationToken), cancellationToken))
            throw new InvalidOperationException($"{image} is on the node still: there is nothing to pull");
        List<RollbackFigure> figures = [await PullAsync(image, cancellationToken)];
        figures.Add(await RollBackAsync("the last good release but one", _good[^2], cancellationToken));
        figures.Add(await RollBackAsync("the last good release", _good[^1], cancellationToken));
        figures.Add(await RollBackAsync("an older one, whose image is pulled again", old, cancellationToken));
        return figures;
    }

    private async Task<RollbackFigure> RollBackAsync(
        string name,
        (long Number, string Says) to,
        CancellationToken cancellationToken
    )
    {
        var started = TimeProvider.System.GetTimestamp();
        await PatchAsync(new JsonObject { ["rollbackTo"] = to.Number }, cancellationToken);
        await UntilAsync(
            async () =>
                (long?)(await StatusAsync(cancellationToken))?["appliedRelease"] == to.Number
                && load.Last.Contains(to.Says, StringComparison.Ordinal),
            cancellationToken
        );
        return new RollbackFigure(name, TimeProvider.System.GetElapsedTime(started));
    }

    /// <summary>The image's own digest reference, from the release that pinned it.</summary>
    private async Task<string> DigestAsync(long release, CancellationToken cancellationToken)
    {
        var secret = await world.Kube.GetAsync($"/api/v1/namespaces/demo/secrets/shop-release-{release}", cancellationToken);
        var text = string.Concat(secret!["data"]!.AsObject().Select(entry => Text((string)entry.Value!)));
        return Regex.Match(text, $"{Regex.Escape(world.Lab!.Registry)}/demo/site@sha256:[0-9a-f]{{64}}").Value;

        static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }

    private async Task<bool> HasAsync(string image, CancellationToken cancellationToken) =>
        await OnServerAsync($"docker image inspect {image} >/dev/null 2>&1", cancellationToken);

    private async Task<RollbackFigure> PullAsync(string image, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var pulled = await OnServerAsync($"docker pull -q {image} >/dev/null", cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(started);
        await OnServerAsync($"docker image rm {image} >/dev/null", cancellationToken);
        return new RollbackFigure(pulled ? "a bare docker pull of the older image" : "the bare pull failed", took);
    }

    private async Task<bool> OnServerAsync(string script, CancellationToken cancellationToken)
    {
        var server = (await world.Servers!.ListAsync(cancellationToken))[0];
        return (await world.Servers.ConsoleAsync(server.Id, ["sh", "-c", script], cancellationToken)).ExitCode == 0;
    }

    private async Task<ReleaseFigure> GoodAsync(int run, CancellationToken cancellationToken, int? version = null)
    {
        _version = version ?? (_version == 1 ? 2 : 1);
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
