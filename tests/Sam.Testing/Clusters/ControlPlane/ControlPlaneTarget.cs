namespace Sam.Testing.Clusters.ControlPlane;

/// <summary>
/// etcd, kube-apiserver and, where it is there, kube-controller-manager from a folder (the envtest convention), each on loopback ports, data in a
/// temporary folder, logs in <c>.sam/control-plane</c>.
/// </summary>
internal sealed class ControlPlaneTarget : IClusterTarget
{
    private const int Tries = 3;

    private readonly string _data = Directory.CreateTempSubdirectory("sam-control-plane-").FullName;
    private readonly PlaneCertificates _certificates = new(TimeProvider.System.GetUtcNow());
    private readonly PlaneFlags _flags;
    private readonly PlaneProcesses _processes;
    private readonly string _assets;

    private ControlPlaneTarget(string assets)
    {
        _assets = assets;
        _flags = new PlaneFlags(_data, FreePorts.Next(), FreePorts.Next(), FreePorts.Next(), HasControllers(assets));
        _processes = new PlaneProcesses(_data, PlaneLogs.NewFolder());
        Traits = new ClusterTraits(IsDevCluster: false, OutlivesTests: false, HasControllers(assets));
    }

    public string Name => $"the control plane of {_assets} (logs: {_processes.Logs})";

    public string Kubeconfig => _certificates.Kubeconfig(_flags.Server);

    public ClusterTraits Traits { get; }

    public int? ServerProcess { get; private set; }

    /// <summary>Whether a folder holds the controllers too.</summary>
    public static bool HasControllers(string assets) => File.Exists(Path.Combine(assets, "kube-controller-manager"));

    /// <summary>Starts all and returns once the API server is ready. A port that was taken in between costs another try.</summary>
    public static async Task<ControlPlaneTarget> StartAsync(string assets, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            var plane = new ControlPlaneTarget(assets);
            try
            {
                await plane.RunAsync(cancellationToken);
                return plane;
            }
            catch (PlaneFailedException fault) when (fault.IsPortTaken && tried < Tries)
            {
                await plane.DisposeAsync();
            }
            catch
            {
                await plane.DisposeAsync();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _processes.DisposeAsync();
        _certificates.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        _certificates.Write(_data, Kubeconfig);
        _processes.Start(Path.Combine(_assets, "etcd"), _flags.Etcd());
        ServerProcess = _processes.Start(Path.Combine(_assets, "kube-apiserver"), _flags.ApiServer());
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => _certificates.IsServer(presented);
        handler.SslOptions.ClientCertificates = [_certificates.Administrator];
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        await Poll.UntilAsync(
            () => IsReadyAsync(client, cancellationToken),
            () => Task.FromResult($"kube-apiserver is not ready: {_processes.LastWords("kube-apiserver")}"),
            cancellationToken
        );
        if (Traits.HasControllers)
            _processes.Start(Path.Combine(_assets, "kube-controller-manager"), _flags.Controllers());
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        _processes.ThrowIfEnded();
        try
        {
            using var answer = await client.GetAsync(new Uri(_flags.Server, "/readyz"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault)
            when (fault is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false; // it does not listen yet
        }
    }
}
