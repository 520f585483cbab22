using System.Diagnostics;

namespace Sam.Playground.Deploys;

/// <summary>The same two releases by `docker compose up -d` on the same server, behind the same Caddy and under the same load; SAM's operator is stopped meanwhile.</summary>
internal sealed class ComposeRival(World world, Load load)
{
    private const int Rounds = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BadFor = TimeSpan.FromSeconds(5);

    /// <summary>Good releases, then a bad one that is taken back after as long as SAM's health timeout.</summary>
    public async Task<List<ReleaseFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var app = await world.Kube.GetAsync(World.PathOf("composeapps", "shop"), cancellationToken);
        var alias = (string)app!["status"]!["routes"]![0]!["upstream"]!;
        await world.Operator.KillAsync();
        await InstallAsync(cancellationToken);
        await TakeOverAsync(alias, cancellationToken);
        var figures = new List<ReleaseFigure>();
        for (var round = 0; round < Rounds; round++)
            figures.Add(
                await UpAsync(
                    "good",
                    $"demo/site:{1 + (round % 2)}",
                    $"Hello from SAM demo {1 + (round % 2)}",
                    alias,
                    cancellationToken
                )
            );
        figures.Add(await BadAsync(alias, cancellationToken));
        return figures;
    }

    private async Task<ReleaseFigure> UpAsync(
        string kind,
        string image,
        string says,
        string alias,
        CancellationToken cancellationToken
    )
    {
        var (asked, failed, _) = load.Now;
        var started = TimeProvider.System.GetTimestamp();
        await WriteAsync(image, alias, cancellationToken);
        var code = await ComposeAsync(cancellationToken);
        while (!load.Last.Contains(says, StringComparison.Ordinal) && TimeProvider.System.GetElapsedTime(started) < Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(started);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
        var now = load.Now;
        var figure = new ReleaseFigure(kind, took, now.Asked - asked, now.FailedOnce - failed, code == 0);
        World.Say($"compose: {kind} {took.TotalSeconds:0.0} s, {figure.Failed} of {figure.Asked} failed");
        return figure;
    }

    private async Task<ReleaseFigure> BadAsync(string alias, CancellationToken cancellationToken)
    {
        var before = load.Now;
        var started = TimeProvider.System.GetTimestamp();
        await WriteAsync("demo/web:bad", alias, cancellationToken);
        await ComposeAsync(cancellationToken);
        await Task.Delay(BadFor, TimeProvider.System, cancellationToken);
        await UpAsync("back", "demo/site:1", "Hello from SAM demo 1", alias, cancellationToken);
        var now = load.Now;
        return new ReleaseFigure(
            "unhealthy",
            TimeProvider.System.GetElapsedTime(started),
            now.Asked - before.Asked,
            now.FailedOnce - before.FailedOnce,
            true
        );
    }

    /// <summary>SAM's container gives its name on the edge network to Compose's.</summary>
    private async Task TakeOverAsync(string alias, CancellationToken cancellationToken)
    {
        await WriteAsync("demo/site:2", alias, cancellationToken);
        await ComposeAsync(cancellationToken);
        await ConsoleAsync("docker ps -q --filter label=dev.sam.kind=ComposeApp | xargs -r docker rm -f", cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
    }

    private Task<int> ComposeAsync(CancellationToken cancellationToken) =>
        ConsoleAsync("cd /root/rival && /root/docker-compose up -d --quiet-pull", cancellationToken);

    private Task<int> WriteAsync(string image, string alias, CancellationToken cancellationToken)
    {
        var text = $$"""
            services:
              web:
                image: {{world.Lab!.Registry}}/{{image}}
                init: true
                networks: { edge: { aliases: [ {{alias}} ] } }
            networks:
              edge: {name: sam-edge, external: true}
            """;
        return ConsoleAsync($"mkdir -p /root/rival && cat >/root/rival/compose.yaml <<'END'\n{text}\nEND", cancellationToken);
    }

    private async Task<int> ConsoleAsync(string script, CancellationToken cancellationToken)
    {
        var server = (await world.Servers!.ListAsync(cancellationToken))[0];
        var result = await world.Servers.ConsoleAsync(server.Id, ["sh", "-c", script], cancellationToken);
        return (int)result.ExitCode;
    }

    /// <summary>Puts Docker's Compose plugin on the server.</summary>
    private async Task InstallAsync(CancellationToken cancellationToken)
    {
        var plugin = (await RunAsync(Path.Combine(Repository.Root, "scripts/compose-plugin.sh"), [], cancellationToken)).Trim();
        var docker = (string[])["-H", world.Lab!.DockerHost];
        var server = (
            await RunAsync("docker", [.. docker, "ps", "--format", "{{.Names}}", "--filter", "name=^sam-vm-"], cancellationToken)
        ).Split('\n', StringSplitOptions.RemoveEmptyEntries)[0];
        await RunAsync("docker", [.. docker, "cp", plugin, $"{server}:/root/docker-compose"], cancellationToken);
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
