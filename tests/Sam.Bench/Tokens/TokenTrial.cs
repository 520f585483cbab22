using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using k8s.Models;
using Prometheus;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Tokens;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;
using Sam.Simulators.GitHub;
using Sam.Testing.Clusters;

namespace Sam.Bench.Tokens;

/// <summary>Many owners get tokens and end; measures from the end of each to the moment when GitHub has no live token of it.</summary>
internal sealed class TokenTrial : IAsyncDisposable
{
    private const string Namespace = "owners";
    private static readonly ParallelOptions s_many = new() { MaxDegreeOfParallelism = 32 };

    private readonly TestCluster _cluster;
    private readonly GitHubSimulator _github;
    private readonly IKubernetesTransport _transport;
    private readonly (GitHubAppKey App, RepositoryReference Repository)[] _shops;

    private TokenTrial(TestCluster cluster, GitHubSimulator github)
    {
        (_cluster, _github) = (cluster, github);
        _transport = HttpTransport.Connect(
            cluster.Configuration(),
            new RestClientMetrics(Metrics.NewCustomRegistry()),
            TimeProvider.System
        );
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportRSAPrivateKeyPem();
        // Several Apps: the operator paces the mints of one, and it is the ends that are measured.
        _shops =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(i =>
                {
                    var app = github.Apps.Add($"sam-{i}", new SimulatedAppOptions { PrivateKeyPem = pem });
                    var shop = github.Repositories.Add($"account-{i}", "shop");
                    github.Install(app, shop);
                    return (
                        GitHubAppKey.Read(app.Id.ToString(CultureInfo.InvariantCulture), pem),
                        new RepositoryReference(shop.Owner, shop.Name, shop.Id)
                    );
                }),
        ];
    }

    public static async Task<TokenTrial> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = await TestCluster.StartAsync(cancellationToken);
        // Without the secondary limit (180 revocations a minute and installation), which is GitHub's to impose and not ours to measure.
        var github = await GitHubSimulator.StartAsync(
            new GitHubSimulatorOptions { PointsPerMinute = null, RateLimit = 1_000_000 },
            cancellationToken
        );
        var trial = new TokenTrial(cluster, github);
        foreach (var home in (string[])[Namespace, TokenOperator.Home])
            await trial
                .Client<V1Namespace>()
                .CreateAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = home } }, cancellationToken);
        return trial;
    }

    /// <summary>The operator runs all the time.</summary>
    public async Task<TokenFigures> RunningAsync(int owners, CancellationToken cancellationToken)
    {
        await using var subject = await TokenOperator.StartAsync(_cluster, _github.Endpoint, cancellationToken);
        var tokens = await MintAsync(subject, "running", owners, cancellationToken);
        var ends = await DeleteAsync(tokens.Keys, cancellationToken);
        await AwaitDeathAsync(tokens, cancellationToken);
        return Figures(tokens, owner => ends[owner]);
    }

    /// <summary>The operator is cut off, the owners end, and it comes back.</summary>
    public async Task<TokenFigures> CrashedAsync(int owners, CancellationToken cancellationToken)
    {
        var subject = await TokenOperator.StartAsync(_cluster, _github.Endpoint, cancellationToken);
        var tokens = await MintAsync(subject, "crashed", owners, cancellationToken);
        await subject.DisposeAsync();
        await DeleteAsync(tokens.Keys, cancellationToken);
        var returned = TimeProvider.System.GetUtcNow();
        await using var next = await TokenOperator.StartAsync(_cluster, _github.Endpoint, cancellationToken);
        await AwaitDeathAsync(tokens, cancellationToken);
        return Figures(tokens, _ => returned);
    }

    public async ValueTask DisposeAsync()
    {
        await _github.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private KubernetesResourceClient<T> Client<T>()
        where T : k8s.IKubernetesObject<V1ObjectMeta> => new(_transport, new AlwaysLeader(), []);

    // Every token that an owner has, those that the operator reads with too.
    private async Task<IReadOnlyDictionary<string, HashSet<string>>> MintAsync(
        TokenOperator subject,
        string prefix,
        int owners,
        CancellationToken cancellationToken
    )
    {
        await subject.SyncAsync(cancellationToken);
        var projects = new ConcurrentBag<Project>();
        await Parallel.ForAsync(
            0,
            owners,
            s_many,
            async (i, cancel) =>
                projects.Add(
                    await Client<Project>()
                        .CreateAsync(
                            new Project
                            {
                                Metadata = new V1ObjectMeta { Name = $"{prefix}-{i}", NamespaceProperty = Namespace },
                            },
                            cancel
                        )
                )
        );
        await Parallel.ForEachAsync(projects, s_many, (project, cancel) => AskAsync(subject, project, cancel));
        var journals = await Client<V1Secret>().ListAsync(TokenOperator.Home, null, cancellationToken);
        return projects.ToDictionary(
            project => project.Metadata.Name,
            project =>
                journals
                    .Single(journal => journal.Metadata.Name == TokenJournal.NameOf(project.Metadata.Uid))
                    .Data.Values.Select(line => JournalEntry.Read(line)!.Secret.Reveal())
                    .ToHashSet()
        );
    }

    private async ValueTask AskAsync(TokenOperator subject, Project project, CancellationToken cancellationToken)
    {
        var (app, repository) = _shops[
            int.Parse(project.Metadata.Name.Split('-')[1], CultureInfo.InvariantCulture) % _shops.Length
        ];
        var grant = new GitHubGrant
        {
            Use = "bench",
            App = app,
            Repositories = [repository],
            Permissions = new Dictionary<string, string> { ["contents"] = "write" },
        };
        // The cache may not have heard of the owner yet.
        while (await subject.Broker.GetAsync(TokenOwner.Of(project), grant, cancellationToken) is not GrantAnswer.Granted)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
    }

    private async Task<IReadOnlyDictionary<string, DateTimeOffset>> DeleteAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    )
    {
        var ends = new ConcurrentDictionary<string, DateTimeOffset>();
        await Parallel.ForEachAsync(
            names,
            s_many,
            async (name, cancel) =>
            {
                ends[name] = TimeProvider.System.GetUtcNow();
                await Client<Project>().DeleteAsync(Namespace, name, null, cancel);
            }
        );
        return ends;
    }

    private async Task AwaitDeathAsync(IReadOnlyDictionary<string, HashSet<string>> tokens, CancellationToken cancellationToken)
    {
        var all = tokens.Values.SelectMany(own => own).ToHashSet();
        while (_github.LiveTokens().Any(mint => all.Contains(mint.Token)))
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
    }

    private TokenFigures Figures(IReadOnlyDictionary<string, HashSet<string>> tokens, Func<string, DateTimeOffset> end)
    {
        var revoked = _github.Mints.ToDictionary(mint => mint.Token, mint => mint.RevokedAt);
        return new TokenFigures(
            tokens.Sum(own => own.Value.Count),
            [.. tokens.Select(own => (own.Value.Max(token => revoked[token]!.Value) - end(own.Key)).TotalSeconds)]
        );
    }
}

/// <summary>What was measured.</summary>
/// <param name="Tokens">How many tokens ended.</param>
/// <param name="Seconds">For each owner: from its end to the death of its last token.</param>
internal sealed record TokenFigures(int Tokens, IReadOnlyList<double> Seconds);
