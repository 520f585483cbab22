using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Installation;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Endpoint;
using Sam.Operator.Registry.Keys;
using Sam.Operator.Registry.Logins;
using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing.MemoryApi;
using Sam.Testing.Operators;

namespace Sam.Unit.Tests.Registry;

/// <summary>The whole room in virtual time: a Kubernetes API in memory whose reviews the test answers.</summary>
internal sealed class RegistryRoom : IEventRecorder, IResourceStore<Project>, IDisposable
{
    public const string Host = "registry.test:5000";

    public const string KeysPath = "/api/v1/namespaces/sam-system/secrets/sam-registry-signer";

    public const string TrustPath = "/api/v1/namespaces/sam-system/configmaps/sam-registry-trust";

    private readonly ILoggerFactory _loggers;

    public RegistryRoom(RegistryOptions? options = null)
    {
        Options = options ?? Default();
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace));
        Cluster.Fault = request => Reviews.Answer(request);
        Secret = new KeySecret(Cluster, new OperatorNamespace("sam-system"));
        Start();
    }

    public static RegistryOptions Default() =>
        new()
        {
            Trusted = [new TrustedRegistry { Host = Host }],
            Endpoint = new TokenEndpointOptions { Port = 0 },
        };

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 3, 0, 0, TimeSpan.Zero));

    public MemoryCluster Cluster { get; } = new();

    public CollectorRegistry Metrics { get; } = Prometheus.Metrics.NewCustomRegistry();

    public LogLines Logs { get; } = new();

    public List<string> Events { get; } = [];

    public List<Project> Projects { get; } = [];

    public ScriptedReviews Reviews { get; } = new();

    public RegistryOptions Options { get; }

    public KeySecret Secret { get; }

    public RegistryKeys Keys { get; private set; } = null!;

    public KeyKeeper Keeper { get; private set; } = null!;

    public IRegistryTokens Tokens { get; private set; } = null!;

    public IRegistryLogins Logins { get; private set; } = null!;

    public TokenEndpoint Endpoint { get; private set; } = null!;

    /// <summary>A process that knows nothing yet.</summary>
    public void Start()
    {
        Keys?.Dispose();
        Keys = new RegistryKeys(Secret, Options, Clock);
        var maps = new KubernetesResourceClient<V1ConfigMap>(Cluster, new AlwaysLeader(), []);
        Keeper = new KeyKeeper(
            Secret,
            new TrustMap(maps, new OperatorNamespace("sam-system")),
            Keys,
            Options,
            new AlwaysLeader(),
            Clock,
            _loggers.CreateLogger<KeyKeeper>()
        );
        var directory = new RegistryDirectory(Options.Trusted);
        var limiter = new MintLimiter(Options.MintsPerWindow, Options.MintWindow, Clock);
        var audit = new MintAudit(this, Metrics, _loggers.CreateLogger<MintAudit>());
        Tokens = new RegistryTokens(directory, Keys, limiter, audit, Options, Clock);
        Logins = new RegistryLoginSigner(directory, Keys, limiter, audit, Options, Clock);
        Endpoint = new TokenEndpoint(
            directory,
            new LoginProof(new ServiceAccountLogins(Cluster, Options), new PullSecretEntries(this), Keys, Clock),
            new GrantDecision(new AccessReviews(Cluster), Clock),
            Tokens,
            Options,
            Clock,
            _loggers.CreateLogger<TokenEndpoint>()
        );
    }

    /// <summary>The ring as it is kept.</summary>
    public async Task<KeyRing> RingAsync() => (await Secret.ReadAsync(Clock.GetUtcNow(), CancellationToken.None)).Ring;

    /// <summary>What registries read.</summary>
    public string Bundle() => Cluster.Find(TrustPath)!["data"]!["bundle.pem"]!.GetValue<string>();

    /// <summary>A grant for an app of the namespace <c>team</c>.</summary>
    public static RegistryGrant Grant(
        string repository = "team/app",
        string subject = "composeapp:team/shop",
        TimeSpan? lifetime = null
    ) =>
        new(
            Host,
            [new RepositoryAccess(repository, RegistryActions.Pull)],
            new RegistrySubject(subject, "composeapp", Thing("shop"), "team"),
            lifetime
        );

    public static Project Thing(string name) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = "team",
                Uid = $"uid-of-{name}",
            },
        };

    public async Task<RegistryToken> MintedAsync(RegistryGrant grant) =>
        Assert.IsType<RegistryMint.Minted>(await Tokens.MintAsync(grant, CancellationToken.None)).Token;

    /// <summary>Asks the endpoint as docker does.</summary>
    public Task<TokenAnswer> GetAsync(string query, string? password) => AskAsync(HttpMethods.Get, query, password, null);

    /// <summary>Asks the endpoint by form.</summary>
    public Task<TokenAnswer> PostAsync(string form) => AskAsync(HttpMethods.Post, "", null, form);

    void IEventRecorder.Record(IKubernetesObject<V1ObjectMeta> regarding, string reason, string message, bool isWarning) =>
        Events.Add($"{regarding.Metadata.NamespaceProperty}/{regarding.Metadata.Name} {reason} {message}");

    Project? IResourceStore<Project>.Get(string @namespace, string name) =>
        Projects.FirstOrDefault(project => project.Metadata.NamespaceProperty == @namespace && project.Metadata.Name == name);

    IReadOnlyCollection<Project> IResourceStore<Project>.List(string? @namespace) => Projects;

    IReadOnlyCollection<Project> IResourceStore<Project>.ByIndex(string index, string key) => [];

    public void Dispose()
    {
        Keys.Dispose();
        Keeper.Dispose();
        _loggers.Dispose();
        Logs.Dispose();
    }

    private async Task<TokenAnswer> AskAsync(string method, string query, string? password, string? form)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Method = method;
        context.Request.QueryString = new QueryString(query.Length == 0 ? "" : "?" + query);
        if (password is not null)
            context.Request.Headers.Authorization =
                "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"token:{password}"));
        if (form is not null)
        {
            context.Request.ContentType = "application/x-www-form-urlencoded";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(form));
        }

        using var body = new MemoryStream();
        context.Response.Body = body;
        await (await Endpoint.AnswerAsync(context)).ExecuteAsync(context);
        return new TokenAnswer(context.Response.StatusCode, JsonNode.Parse(body.ToArray())!.AsObject(), context.Response.Headers);
    }
}

/// <summary>What the endpoint answered.</summary>
internal sealed record TokenAnswer(int Code, JsonObject Body, IHeaderDictionary Headers)
{
    public string Token => Body["token"]!.GetValue<string>();

    /// <summary>What the token allows, as <c>repository: actions</c>.</summary>
    public IEnumerable<string> Access =>
        JsonWebToken.Peek(Token)!["access"]!
            .AsArray()
            .Select(item => $"{item!["name"]}: {string.Join(',', item["actions"]!.AsArray().Select(action => $"{action}"))}");
}
