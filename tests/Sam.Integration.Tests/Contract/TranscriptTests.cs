using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Sam.DevCluster;
using Sam.Integration.Tests.Kit;

namespace Sam.Integration.Tests.Contract;

/// <summary>Plays what a real control plane answered, where the recordings are at hand.</summary>
/// <remarks>
/// <c>SAM_CONTRACT_CASE</c> plays some cases only (a pattern such as <c>list/*</c>); <c>SAM_CONTRACT_REPORT</c> names a file for
/// every difference, after a summary by area. See <c>Contract/README.md</c>.
/// </remarks>
[DevClusterOnly("compares the dev cluster with recordings of a real control plane")]
public sealed class TranscriptTests
{
    [Fact]
    public async Task The_dev_cluster_answers_recorded_requests_as_a_real_control_plane_does()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = FindRecordings();
        Assert.SkipWhen(
            folder is null,
            "no recordings: set SAM_CONTRACT_DATA or place them at ../shared/data/kubernetes-transcripts"
        );
        await using var server = await DevClusterServer.StartAsync(
            new DevClusterOptions { PublishesAuthority = false }, // the recorded control plane had no publisher
            cancellationToken
        );
        var known = new KnownDeviations(
            await File.ReadAllLinesAsync(
                Path.Combine(AppContext.BaseDirectory, "Contract", "known-deviations.txt"),
                cancellationToken
            )
        );

        var deviations = await PlayAllAsync(server, Cases(folder!), cancellationToken);

        await ReportAsync(deviations);
        var steps = deviations
            .SelectMany(pair => pair.Value.Select(step => (Key: $"{pair.Key}#{step.Key}", step.Value)))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        var wrong = known.Disagreements(deviations.Keys.ToHashSet(), steps).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} disagreements with a real control plane:\n" + string.Join('\n', wrong));
    }

    private static async Task<IReadOnlyDictionary<string, SortedDictionary<int, string>>> PlayAllAsync(
        DevClusterServer server,
        IEnumerable<string> files,
        CancellationToken cancellationToken
    )
    {
        using var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 64,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(server.AuthorityPem) },
        };
        using var client = new HttpClient(handler) { BaseAddress = server.BaseAddress };
        var deviations = new ConcurrentDictionary<string, SortedDictionary<int, string>>();

        async ValueTask PlayAsync(string file, CancellationToken ending)
        {
            var transcript = JsonNode.Parse(await File.ReadAllBytesAsync(file, ending))!.AsObject();
            var name = transcript["name"]!.GetValue<string>();
            deviations[name] = await new TranscriptPlayer(client, server.BearerToken, server.Faults.CompactHistory).PlayAsync(
                transcript,
                "t-" + name.Replace('/', '-'),
                ending
            );
        }

        var byTime = files.ToLookup(file => TimeOf(Path.GetFileName(file)));
        foreach (var file in byTime[PlayTime.First])
            await PlayAsync(file, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(byTime[PlayTime.Together], options, PlayAsync);
        foreach (var file in byTime[PlayTime.Last])
            await PlayAsync(file, cancellationToken);
        return deviations;
    }

    private enum PlayTime
    {
        First,
        Together,
        Last,
    }

    private static PlayTime TimeOf(string file) =>
        file switch
        {
            // All groups are listed, and other cases add theirs.
            "discovery--apis.json" or "discovery--methods.json" => PlayTime.First,
            // Lists name the version of the whole store, which moves with every other case: they are played one at a time.
            // So is what compacts the store, which would end other cases' histories.
            "watch--too-old.json" or ['l', 'i', 's', 't', '-', ..] => PlayTime.Last,
            _ => PlayTime.Together,
        };

    private static IEnumerable<string> Cases(string folder)
    {
        var pattern = Environment.GetEnvironmentVariable("SAM_CONTRACT_CASE") is { Length: > 0 } given ? given : "*";
        return Directory
            .GetFiles(folder, "*--*.json")
            .Order(StringComparer.Ordinal)
            .Where(file =>
                FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileNameWithoutExtension(file).Replace("--", "/"))
            );
    }

    private static async Task ReportAsync(IReadOnlyDictionary<string, SortedDictionary<int, string>> deviations)
    {
        if (Environment.GetEnvironmentVariable("SAM_CONTRACT_REPORT") is not { Length: > 0 } path)
            return;
        var summary = deviations
            .GroupBy(pair => pair.Key.Split('/')[0])
            .OrderBy(area => area.Key, StringComparer.Ordinal)
            .Select(area =>
                $"{area.Key}: {area.Count(pair => pair.Value.Count == 0)} of {area.Count()} cases, {area.Sum(pair => pair.Value.Count)} steps deviate"
            );
        var details = deviations
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => pair.Value.Select(step => $"{pair.Key}#{step.Key} {step.Value}"));
        await File.WriteAllLinesAsync(path, [.. summary, "", .. details]);
    }

    private static string? FindRecordings()
    {
        if (Environment.GetEnvironmentVariable("SAM_CONTRACT_DATA") is { Length: > 0 } given)
            return Directory.Exists(given) ? given : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
                continue;
            // Beside the main checkout, or one folder up from a worktree.
            return new[] { "..", "../.." }
                .Select(up => Path.Combine(folder.FullName, up, "shared", "data", "kubernetes-transcripts"))
                .FirstOrDefault(Directory.Exists);
        }
        return null;
    }
}
