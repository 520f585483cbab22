using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Sam.Playground;

/// <summary>As much of a Kubernetes client as a person with curl has: apply YAML, get, patch, delete.</summary>
internal sealed class KubeHttp : IDisposable
{
    private static readonly Dictionary<string, string> Plurals = new(StringComparer.Ordinal)
    {
        ["Namespace"] = "namespaces",
        ["Secret"] = "secrets",
        ["ConfigMap"] = "configmaps",
        ["CustomResourceDefinition"] = "customresourcedefinitions",
        ["Project"] = "projects",
        ["DeploymentNode"] = "deploymentnodes",
        ["ComposeApp"] = "composeapps",
        ["Machine"] = "machines",
    };

    private static readonly HashSet<string> ClusterScoped = ["Namespace", "CustomResourceDefinition"];

    private readonly HttpClient _http;

    public KubeHttp(Uri server, string token, string authorityPem)
    {
        var authority = X509Certificate2.CreateFromPem(authorityPem);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        _http = new HttpClient(handler) { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Server-side apply of every document of a YAML text.</summary>
    public async Task ApplyAsync(string yaml, CancellationToken cancellationToken)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        foreach (var document in stream.Documents.Where(document => document.RootNode is YamlMappingNode))
        {
            var text = new StringWriter();
            new YamlStream(document).Save(text, assignAnchors: false);
            await ApplyOneAsync((YamlMappingNode)document.RootNode, text.ToString().TrimEnd('.', '\n', '\r'), cancellationToken);
        }
    }

    /// <summary>One object, or null.</summary>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            return null;
        return JsonNode.Parse(await ContentAsync(response, cancellationToken));
    }

    /// <summary>Merge-patches one object.</summary>
    public async Task PatchAsync(string path, JsonNode patch, CancellationToken cancellationToken)
    {
        using var content = new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
        using var response = await _http.PatchAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        await ContentAsync(response, cancellationToken);
    }

    /// <summary>Deletes one object; what is not there is fine.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (response.StatusCode != System.Net.HttpStatusCode.NotFound)
            await ContentAsync(response, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task ApplyOneAsync(YamlMappingNode root, string yaml, CancellationToken cancellationToken)
    {
        var (apiVersion, kind) = (Text(root, "apiVersion"), Text(root, "kind"));
        var metadata = (YamlMappingNode)root.Children["metadata"];
        var home = metadata.Children.TryGetValue("namespace", out var named) ? named.ToString() : "default";
        var prefix = apiVersion.Contains('/') ? $"apis/{apiVersion}" : $"api/{apiVersion}";
        var scope = ClusterScoped.Contains(kind) ? "" : $"namespaces/{home}/";
        var path = $"{prefix}/{scope}{Plurals[kind]}/{Text(metadata, "name")}?fieldManager=sam-playground&force=true";
        using var content = new StringContent(yaml, Encoding.UTF8, "application/apply-patch+yaml");
        using var response = await _http.PatchAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        await ContentAsync(response, cancellationToken);
    }

    private static string Text(YamlMappingNode node, string key) => node.Children[key].ToString();

    private static async Task<string> ContentAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException(
                $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}: {(int)response.StatusCode} {text}"
            );
    }
}
