using System.Collections.Concurrent;
using System.Diagnostics;
using k8s.Models;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Simulators.Hetzner;
using Sam.Testing.Clusters;

namespace Sam.Testing.Operators;

/// <summary>The operator's real program in a process of its own, with a simulated provider and record-only engines.</summary>
public sealed class OperatorProcess : IAsyncDisposable
{
    private readonly HetznerSimulator _hetzner;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _kubeconfig = Path.GetTempFileName(); // readable by its owner only
    private Process? _process;

    private OperatorProcess(TestCluster cluster, HetznerSimulator hetzner)
    {
        _hetzner = hetzner;
        Kube = new KubeObjects(cluster.Transport, $"t-{Guid.NewGuid().ToString("N")[..12]}");
        Expect = new Expect(Kube);
        Endpoint = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
    }

    /// <summary>Where it answers to <c>/metrics</c> and the probes.</summary>
    public Uri Endpoint { get; }

    /// <summary>The user's namespace.</summary>
    public KubeObjects Kube { get; }

    /// <summary>What to wait for in the user's namespace.</summary>
    public Expect Expect { get; }

    /// <summary>Every line it printed.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="environment">Settings beyond the usual.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<OperatorProcess> StartAsync(
        TestCluster cluster,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var hetzner = await HetznerSimulator.StartAsync(
            new HetznerSimulatorOptions { Delays = HetznerDelays.None },
            cancellationToken
        );
        var made = new OperatorProcess(cluster, hetzner);
        await made.PrepareAsync(cluster, cancellationToken);
        made.Run(environment);
        using var http = new HttpClient { BaseAddress = made.Endpoint };
        await Poll.UntilAsync(
            async () => made._process!.HasExited || await IsReadyAsync(http, cancellationToken),
            () => Task.FromResult($"the operator is not ready; it printed:\n{string.Join('\n', made.Output)}"),
            cancellationToken
        );
        return made._process!.HasExited
            ? throw new InvalidOperationException($"the operator ended; it printed:\n{string.Join('\n', made.Output)}")
            : made;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        File.Delete(_kubeconfig);
        await _hetzner.DisposeAsync();
    }

    private async Task PrepareAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(_kubeconfig, cluster.Kubeconfig, cancellationToken);
        var namespaces = new KubernetesResourceClient<V1Namespace>(cluster.Transport, new AlwaysLeader(), []);
        foreach (var name in (string[])[Kube.Namespace, $"{Kube.Namespace}-system"])
            await namespaces.CreateAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken);
        await Kube.CreateAsync(A.Secret(A.TokenSecret, ("token", HetznerSimulatorOptions.DefaultToken)), cancellationToken);
    }

    private void Run(IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Sam.Operator.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["KUBECONFIG"] = _kubeconfig,
                ["Sam__Namespace"] = $"{Kube.Namespace}-system",
                ["Sam__HetznerEndpoint"] = _hetzner.Endpoint.ToString(),
                ["Sam__RecordOnly"] = "true",
                ["Sam__HealthPort"] = Endpoint.Port.ToString(),
            },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
            _output.Enqueue(text);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
