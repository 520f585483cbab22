using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Sam.DevCluster;

namespace Sam.Integration.Tests.Contract;

/// <summary>Plays what a real control plane answered, where the recordings are at hand.</summary>
public sealed class TranscriptTests
{
    [Fact]
    public async Task The_dev_cluster_answers_recorded_requests_as_a_real_control_plane_does()
    {
        var folder = FindRecordings();
        Assert.SkipWhen(
            folder is null,
            "no recordings: set SAM_CONTRACT_DATA or place them at ../shared/data/kubernetes-transcripts"
        );
        await using var server = await DevClusterServer.StartAsync(
            new DevClusterOptions { PublishesAuthority = false }, // the recorded control plane had no publisher
            TestContext.Current.CancellationToken
        );
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseCookies = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(server.AuthorityPem) },
        };
        using var client = new HttpClient(handler) { BaseAddress = server.BaseAddress };
        var deviations = new ConcurrentDictionary<string, List<string>>();

        async ValueTask PlayAsync(string file, CancellationToken cancellationToken)
        {
            var transcript = JsonNode.Parse(await File.ReadAllBytesAsync(file, cancellationToken))!.AsObject();
            var name = transcript["name"]!.GetValue<string>();
            var found = await new TranscriptPlayer(client, server.BearerToken).PlayAsync(
                transcript,
                "t-" + name.Replace('/', '-'),
                cancellationToken
            );
            if (found.Count > 0)
                deviations[name] = found;
        }

        // Lists name the version of the whole store, which moves with every other case: they are played one at a time.
        var files = Directory
            .GetFiles(folder!, "*--*.json")
            .ToLookup(file => Path.GetFileName(file).StartsWith("list--", StringComparison.Ordinal));
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = 8,
            CancellationToken = TestContext.Current.CancellationToken,
        };
        await Parallel.ForEachAsync(files[false], options, PlayAsync);
        foreach (var file in files[true])
            await PlayAsync(file, TestContext.Current.CancellationToken);

        await ReportAsync(deviations);
        var known = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "Contract", "known-deviations.txt"),
            TestContext.Current.CancellationToken
        );
        var fresh = deviations.Keys.Except(known.Select(line => line.Split(' ')[0])).Order().ToList();
        Assert.True(
            fresh.Count == 0,
            "new deviations from a real control plane:\n"
                + string.Join('\n', fresh.SelectMany(name => deviations[name].Select(text => $"{name}: {text}")))
        );
    }

    private static async Task ReportAsync(ConcurrentDictionary<string, List<string>> deviations)
    {
        if (Environment.GetEnvironmentVariable("SAM_CONTRACT_REPORT") is not { Length: > 0 } path)
            return;
        var lines = deviations
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => pair.Value.Select(text => $"{pair.Key}: {text}"));
        await File.WriteAllLinesAsync(path, lines);
    }

    private static string? FindRecordings()
    {
        if (Environment.GetEnvironmentVariable("SAM_CONTRACT_DATA") is { Length: > 0 } given)
            return Directory.Exists(given) ? given : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
                continue;
            var beside = Path.Combine(folder.FullName, "..", "shared", "data", "kubernetes-transcripts");
            return Directory.Exists(beside) ? beside : null;
        }
        return null;
    }
}
