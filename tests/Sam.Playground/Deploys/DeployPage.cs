using System.Globalization;

namespace Sam.Playground.Deploys;

/// <summary>What was measured, as a page.</summary>
internal sealed class DeployPage(
    IReadOnlyList<ReleaseFigure> sam,
    IReadOnlyList<RollbackFigure> rollbacks,
    IReadOnlyList<ReleaseFigure> compose,
    long asked,
    long failedOnce,
    long failedTwice
)
{
    public string Text() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Releases under load

            `make bench-deploy` (`RUNS=`, `SEED=`): the real operator, one booted server with Docker Engine 20.10, Caddy 2.6.2 and a registry on 2 cores; {Load.Rate} requests a second over
            HTTPS, half of them on new connections. stableTime 1 s, drainTime 1 s, healthTimeout 5 s. Every fifth release is bad: never healthy, ends at once, or has no image.

            {sam.Count} releases, {sam.Count(figure =>
                figure.Kind != "good"
            )} of them bad: {asked} requests, {failedOnce} failed without a retry, {failedTwice} with one; {sam.Count(figure =>
                figure.AsExpected
            )} ended as they should.

            | | releases | requests | failed | time: median | p95 | longest |
            |---|---|---|---|---|---|---|
            {Row("SAM, good", Of(sam, "good"))}
            {Row("SAM, never healthy", Of(sam, "unhealthy"))}
            {Row("SAM, ends at once", Of(sam, "exits"))}
            {Row("SAM, image missing", Of(sam, "missing"))}
            {Row("docker compose up -d, good", Of(compose, "good"))}
            {Row("docker compose up -d, never healthy, taken back after 5 s", Of(compose, "unhealthy"))}

            Time: to the first answer of the new version and a release that is told as applied; for a bad one until it is told as reverted; for Compose to the first answer of the new version.
            Failed requests a good release: SAM {PerRelease(Of(sam, "good")):0.00}, Compose {PerRelease(
                Of(compose, "good")
            ):0.00}. Time to the new version: SAM {Ratio():0.0} times Compose's,
            which waits for no health and keeps no old one.

            To an earlier release: {string.Join(
                "; ",
                rollbacks.Select(rollback =>
                    $"{rollback.To} {rollback.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s"
                )
            )}.

            """
        );

    private static List<ReleaseFigure> Of(IReadOnlyList<ReleaseFigure> figures, string kind) =>
        [.. figures.Where(figure => figure.Kind == kind).OrderBy(figure => figure.Took)];

    private static string Row(string name, List<ReleaseFigure> figures) =>
        figures.Count == 0
            ? $"| {name} | 0 | | | | | |"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {figures.Count} | {figures.Sum(figure => figure.Asked)} | {figures.Sum(figure => figure.Failed)} | {At(figures, 0.5):0.0} s | {At(figures, 0.95):0.0} s | {At(figures, 1):0.0} s |"
            );

    private static double At(List<ReleaseFigure> figures, double part) =>
        figures[Math.Min(figures.Count - 1, (int)(figures.Count * part))].Took.TotalSeconds;

    private static double PerRelease(List<ReleaseFigure> figures) =>
        figures.Count == 0 ? 0 : (double)figures.Sum(figure => figure.Failed) / figures.Count;

    private double Ratio() =>
        Of(sam, "good") is { Count: > 0 } ours && Of(compose, "good") is { Count: > 0 } theirs
            ? At(ours, 0.5) / At(theirs, 0.5)
            : 0;
}
