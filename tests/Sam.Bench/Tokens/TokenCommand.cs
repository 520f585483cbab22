using System.CommandLine;
using System.Globalization;
using Sam.Bench.Runs;

namespace Sam.Bench.Tokens;

/// <summary>Measures how long tokens outlive their owners; exit 0 when 99 of 100 owners have none after five seconds.</summary>
internal static class TokenCommand
{
    private const double Limit = 5;

    public static Command Create()
    {
        var owners = new Option<int>("--owners") { Description = "How many owners end.", DefaultValueFactory = _ => 500 };
        var output = new Option<string?>("--out") { Description = "File to write the page to." };
        var command = new Command("tokens", "Measures how long tokens outlive their owners.") { owners, output };
        command.SetAction((given, cancel) => RunAsync(given.GetValue(owners), given.GetValue(output), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int owners, string? output, CancellationToken cancellationToken)
    {
        await using var trial = await TokenTrial.StartAsync(cancellationToken);
        var running = await trial.RunningAsync(owners, cancellationToken);
        var crashed = await trial.CrashedAsync(owners, cancellationToken);
        var page = Render(owners, running, crashed);
        await Console.Out.WriteLineAsync(page);
        if (output is not null)
            await File.WriteAllTextAsync(output, page, CancellationToken.None);
        return P99(running) <= Limit && P99(crashed) <= Limit ? 0 : 1;
    }

    private static string Render(int owners, TokenFigures running, TokenFigures crashed) =>
        $"""
            # How long tokens outlive their owners

            `make bench-tokens`: {owners} Projects, each with a token for one repository and the one that the operator reads with, are deleted at once, 32 at a time.
            Measured from the moment when a delete is sent to the moment when GitHub's simulator (on loopback, over HTTP) has ended the owner's last token; in the second row the
            operator was cut off first, the Projects were deleted without it, and time counts from its start: process, caches and journals are in the figure.

            {Machine.Describe()}; load average at the end: {Machine.Load()}.

            | operator | tokens | median | p99 | worst | limit |
            |---|---|---|---|---|---|
            {Row("runs", running)}
            {Row("crashed and came back", crashed)}

            The dev cluster, the simulator and the operator share one process here. The tokens are of 50 Apps. GitHub's secondary limit (900 points a minute, a revocation is 5) is switched off: where many owners
            of one installation end within a minute, GitHub lets 180 of them a minute be revoked, the others wait as it asks, and no way round that exists.

            In virtual time (`GitHubScaleTests.A_thousand_Projects_do_so_too`): 1,000 Projects of one App and one installation are all proved after 22.5 minutes, since calls are paced below that
            limit; an outage of 30 minutes, a minute after a key rotation, costs 15 calls; all are proved again 8 minutes after its end; 9,023 calls in all, none answered 403 or 429.

            """;

    private static string Row(string name, TokenFigures figures) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {figures.Tokens} | {Statistics.Median(figures.Seconds):0.00} s | {P99(figures):0.00} s | {figures.Seconds.Max():0.00} s | {Limit:0} s |"
        );

    private static double P99(TokenFigures figures) => Statistics.Quantile(figures.Seconds, 0.99);
}
