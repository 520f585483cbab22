using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sam.Testing.Clusters;

/// <summary>etcd and kube-apiserver from a folder (the envtest convention of controller-runtime), each on a loopback port, data in a temporary folder.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sam-control-plane-").FullName;
    private readonly PlaneCertificates _certificates = new(TimeProvider.System.GetUtcNow());
    private readonly List<Process> _processes = [];
    private readonly int _port = FreePort();

    /// <summary>The administrator's kubeconfig.</summary>
    public string Kubeconfig => _certificates.Kubeconfig(new Uri($"https://127.0.0.1:{_port}"));

    /// <summary>Starts both and returns once the API server is ready.</summary>
    public static async Task<ControlPlane> StartAsync(string assets, CancellationToken cancellationToken)
    {
        var plane = new ControlPlane();
        try
        {
            plane._certificates.Write(plane._folder);
            var etcd = FreePort();
            plane.Run(Path.Combine(assets, "etcd"), plane.EtcdArguments(etcd));
            plane.Run(Path.Combine(assets, "kube-apiserver"), plane.ServerArguments(etcd));
            await plane.ReadyAsync(cancellationToken);
            return plane;
        }
        catch
        {
            await plane.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The API server before its store.
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }

            process.Dispose();
        }

        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] EtcdArguments(int port) =>
        [
            $"--data-dir={_folder}/etcd",
            $"--listen-client-urls=http://127.0.0.1:{port}",
            $"--advertise-client-urls=http://127.0.0.1:{port}",
            "--listen-peer-urls=http://127.0.0.1:0",
            "--unsafe-no-fsync",
            "--log-level=error",
        ];

    private string[] ServerArguments(int etcd) =>
        [
            $"--etcd-servers=http://127.0.0.1:{etcd}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            $"--secure-port={_port}",
            $"--cert-dir={_folder}",
            $"--tls-cert-file={_folder}/{PlaneCertificates.ServerCertificate}",
            $"--tls-private-key-file={_folder}/{PlaneCertificates.ServerKey}",
            $"--client-ca-file={_folder}/{PlaneCertificates.Authority}",
            "--service-account-issuer=https://127.0.0.1/",
            $"--service-account-key-file={_folder}/{PlaneCertificates.AccountKey}",
            $"--service-account-signing-key-file={_folder}/{PlaneCertificates.AccountKey}",
            "--service-cluster-ip-range=10.0.0.0/24",
            // No controller manager makes service accounts here, and nothing of ours is about rights.
            "--disable-admission-plugins=ServiceAccount",
            "--authorization-mode=AlwaysAllow",
            "--allow-privileged=true",
        ];

    private void Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        _processes.Add(process);
        var log = Path.Combine(_folder, Path.GetFileName(program) + ".log");
        process.ErrorDataReceived += (_, line) => Append(log, line.Data);
        process.OutputDataReceived += (_, line) => Append(log, line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    private void Append(string file, string? line)
    {
        lock (_processes)
        {
            if (Directory.Exists(_folder))
                File.AppendAllText(file, line + "\n");
        }
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => _certificates.IsServer(presented);
        handler.SslOptions.ClientCertificates = [_certificates.Administrator];
        using var client = new HttpClient(handler);
        await Poll.UntilAsync(
            async () =>
            {
                if (_processes.Find(process => process.HasExited) is { } ended)
                    throw new InvalidOperationException(
                        $"{ended.StartInfo.FileName} ended with {ended.ExitCode}: {LastWords(ended)}"
                    );
                try
                {
                    using var answer = await client.GetAsync(new Uri($"https://127.0.0.1:{_port}/readyz"), cancellationToken);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false; // it does not listen yet
                }
            },
            () => Task.FromResult("kube-apiserver is not ready"),
            cancellationToken
        );
    }

    private string LastWords(Process process)
    {
        var log = Path.Combine(_folder, Path.GetFileName(process.StartInfo.FileName) + ".log");
        return File.Exists(log) ? string.Join('\n', File.ReadAllLines(log).TakeLast(5)) : "";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
