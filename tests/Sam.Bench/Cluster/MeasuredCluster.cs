using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sam.Bench.Cluster;

/// <summary>The dev cluster as a process, and clients of it.</summary>
internal sealed class MeasuredCluster : IAsyncDisposable
{
    public const string Path = "/apis/bench.dev/v1/namespaces/default/widgets";

    private const string Definition = """
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.bench.dev"},
        "spec":{"group":"bench.dev","scope":"Namespaced","names":{"plural":"widgets","singular":"widget","kind":"Widget","listKind":"WidgetList"},
        "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object",
        "properties":{"spec":{"type":"object","properties":{"sent":{"type":"string"},"image":{"type":"string"},
        "ports":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"port":{"type":"integer","minimum":1}}}},
        "env":{"type":"object","additionalProperties":{"type":"string"}}}},
        "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}]}}
        """;

    private readonly Process _process;
    private readonly string _folder;
    private readonly Dictionary<string, string> _config;

    private MeasuredCluster(Process process, string folder, Dictionary<string, string> config) =>
        (_process, _folder, _config) = (process, folder, config);

    /// <summary>Resident memory in MiB.</summary>
    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Processor time that the cluster has used.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<MeasuredCluster> StartAsync(string server, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sam-bench-").FullName;
        var file = System.IO.Path.Combine(folder, "kubeconfig");
        var process = Process.Start("dotnet", [server, "--port", "0", "--kubeconfig-out", file]);
        while (!File.Exists(file))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"the cluster ended with {process.ExitCode}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
        var config = (await File.ReadAllLinesAsync(file, cancellationToken))
            .Select(line => line.Trim().Split(": ", 2))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], parts => parts[1])
            .ToDictionary(group => group.Key, group => group.First());
        var cluster = new MeasuredCluster(process, folder, config);
        using var client = cluster.Connect();
        await SendAsync(
            client,
            HttpMethod.Post,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            Definition,
            cancellationToken
        );
        return cluster;
    }

    /// <summary>A client with one connection of its own.</summary>
    public HttpClient Connect()
    {
        using var certificate = X509Certificate2.CreateFromPem(Pem("client-certificate-data"), Pem("client-key-data"));
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        handler.SslOptions.ClientCertificates =
        [
            X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null),
        ];
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(Pem("certificate-authority-data")) },
        };
        return new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = new Uri(_config["server"]),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public static async Task SendAsync(
        HttpClient client,
        HttpMethod method,
        string path,
        string? body,
        CancellationToken cancellationToken,
        string mediaType = "application/json"
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType));
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {Encoding.UTF8.GetString(answer)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Pem(string name) => Encoding.UTF8.GetString(Convert.FromBase64String(_config[name]));
}
