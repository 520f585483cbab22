using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.KubeConfigModels;
using Sam.DevCluster;

namespace Sam.Integration.Tests.DevCluster;

/// <summary>HTTP to a dev cluster, byte by byte, with what its kubeconfig holds.</summary>
internal sealed class ClusterClient : IDisposable
{
    public const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private readonly SocketsHttpHandler _handler = new();

    public ClusterClient(string kubeconfig)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigObject(
            KubernetesYaml.Deserialize<K8SConfiguration>(kubeconfig)
        );
        var pem = Encoding.UTF8.GetString(Convert.FromBase64String(configuration.ClientCertificateData));
        var key = Encoding.UTF8.GetString(Convert.FromBase64String(configuration.ClientCertificateKeyData));
        using var certificate = X509Certificate2.CreateFromPem(pem, key);
        _handler.SslOptions.ClientCertificates =
        [
            X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null),
        ];
        Trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { configuration.SslCaCerts[0] },
        };
        _handler.SslOptions.CertificateChainPolicy = Trust;
        Http = new HttpClient(_handler) { BaseAddress = new Uri(configuration.Host), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Trusts the cluster alone.</summary>
    public X509ChainPolicy Trust { get; }

    public HttpClient Http { get; }

    public static ClusterClient Of(DevClusterServer server) => new(server.Kubeconfig);

    public async Task<(int Code, JsonNode? Body)> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string mediaType = "application/json"
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    public Task<(int Code, JsonNode? Body)> CreateAsync(string name, string data = "x") =>
        SendAsync(
            HttpMethod.Post,
            ConfigMaps,
            $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{"text":"{{{data}}}"}}"""
        );

    public async Task<int> CodeOf(string path) => (await SendAsync(HttpMethod.Get, path)).Code;

    /// <summary>Opens a watch; its lines are read one at a time.</summary>
    public async Task<StreamReader> WatchAsync(string query, string path = ConfigMaps)
    {
        var response = await Http.GetAsync(
            $"{path}?watch=1&{query}",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }
}
