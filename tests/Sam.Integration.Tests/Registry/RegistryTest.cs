using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Transport;
using Sam.Testing;
using Sam.Testing.Clusters;
using Sam.Testing.Operators;

namespace Sam.Integration.Tests.Registry;

/// <summary>A test with an operator whose key the registry <c>registry.test</c> trusts.</summary>
public abstract class RegistryTest(SharedCluster shared) : IAsyncLifetime
{
    protected const string Registry = "registry.test";

    private OperatorHost? _host;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected OperatorHost Host => _host!;

    /// <summary>Namespace of the test, and first segment of its repositories.</summary>
    protected string Home => Host.Kube.Namespace;

    public async ValueTask InitializeAsync() => _host = await OperatorHost.StartAsync(shared.Cluster, Options(), Cancel);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
            await _host.DisposeAsync();
    }

    private protected static RegistryOptions Options() =>
        new()
        {
            Trusted = [new TrustedRegistry { Host = Registry }],
            KeyRefresh = TimeSpan.FromSeconds(1),
            PublishAhead = TimeSpan.Zero,
            Endpoint = new TokenEndpointOptions { Port = 0 },
        };

    /// <summary>What the endpoint answered.</summary>
    public sealed record Answer(HttpStatusCode Code, JsonNode Body)
    {
        /// <summary>What the token allows.</summary>
        public string Access =>
            string.Join(
                '|',
                JsonWebToken.Peek(Body["token"]!.GetValue<string>())!["access"]!
                    .AsArray()
                    .Select(item => $"{item!["name"]}: {string.Join(',', item["actions"]!.AsArray().Select(word => $"{word}"))}")
            );
    }

    /// <summary>Asks for scopes as docker does.</summary>
    protected Task<Answer> AskAsync(string password, params string[] scopes) =>
        AskAsync(Host, Registry, password, Cancel, scopes);

    /// <summary>Asks an operator's endpoint for scopes at a registry.</summary>
    internal static async Task<Answer> AskAsync(
        OperatorHost host,
        string registry,
        string password,
        CancellationToken cancellationToken,
        params string[] scopes
    )
    {
        using var http = new HttpClient();
        var query = string.Concat(scopes.Select(scope => $"&scope={scope}"));
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(host.TokenEndpoint, $"/token?service={registry}{query}")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"token:{password}"))
        );
        using var answer = await http.SendAsync(request, cancellationToken);
        return new Answer(answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!);
    }

    /// <summary>A ServiceAccount of the test's namespace, and a token of it for an audience.</summary>
    protected Task<string> AccountAsync(string name, string audience) =>
        TokenAsync(shared.Cluster, Host.Kube, name, audience, Cancel);

    /// <summary>A ServiceAccount, and a token of it for an audience: <c>kubectl create token</c>.</summary>
    internal static async Task<string> TokenAsync(
        TestCluster cluster,
        KubeObjects kube,
        string name,
        string audience,
        CancellationToken cancellationToken
    )
    {
        if (await kube.FindAsync<V1ServiceAccount>(name, cancellationToken) is null)
            await kube.CreateAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken);
        var request = new TransportRequest(HttpMethod.Post, $"/api/v1/namespaces/{kube.Namespace}/serviceaccounts/{name}/token")
        {
            Body = $$$"""
                {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["{{{audience}}}"],"expirationSeconds":900}}
                """,
        };
        using var response = await cluster.Transport.SendAsync(request, cancellationToken);
        Assert.True(response.IsSuccess, $"{response.Code}");
        var answer = await JsonNode.ParseAsync(response.Body, cancellationToken: cancellationToken);
        return answer!["status"]!["token"]!.GetValue<string>();
    }

    /// <summary>A role on repositories for an account.</summary>
    protected async Task AllowAsync(string account, string[]? names, params string[] verbs)
    {
        var role = $"registry-{Guid.NewGuid():N}";
        await Host.Kube.CreateAsync(
            new V1Role
            {
                Metadata = new V1ObjectMeta { Name = role },
                Rules =
                [
                    new V1PolicyRule
                    {
                        ApiGroups = ["sam.dev"],
                        Resources = ["registryrepositories"],
                        ResourceNames = names,
                        Verbs = verbs,
                    },
                ],
            },
            Cancel
        );
        await Host.Kube.CreateAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = role },
                RoleRef = new V1RoleRef
                {
                    ApiGroup = "rbac.authorization.k8s.io",
                    Kind = "Role",
                    Name = role,
                },
                Subjects =
                [
                    new Rbacv1Subject
                    {
                        Kind = "ServiceAccount",
                        Name = account,
                        NamespaceProperty = Home,
                    },
                ],
            },
            Cancel
        );
    }
}
