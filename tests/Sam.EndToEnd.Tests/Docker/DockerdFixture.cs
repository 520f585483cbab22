using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sam.Operator.Clients.Docker;

namespace Sam.EndToEnd.Tests.Docker;

/// <summary>One engine for all tests that need it, one after the other: some kill it.</summary>
[CollectionDefinition("dockerd")]
public sealed class DockerdCollection : ICollectionFixture<DockerdFixture>;

/// <summary>A Docker Engine of our own in a network namespace, with mutual TLS on 127.77.0.9:2376 and keys as a Machine has them.</summary>
public sealed class DockerdFixture : IAsyncLifetime
{
    public const string MachineId = "m-contract";

    private readonly string folder = Path.Combine("/tmp", $"sam-dockerd-{Environment.ProcessId}");
    private readonly string network = $"sam-link-{Environment.ProcessId}";
    private readonly OperatorIdentityPems pems = OperatorIdentity.Create("contract", TimeProvider.System.GetUtcNow());
    private Process? dockerd;

    /// <summary>Why there is no engine; null if there is one.</summary>
    public string? Missing { get; private set; }

    public EngineIdentity Engines { get; } = new(RandomNumberGenerator.GetBytes(32));

    public OperatorIdentity Identity { get; private set; } = null!;

    public MachineEndpoint Endpoint { get; } = new(MachineId, "127.77.0.9");

    public MachineLinkOptions Options => new() { Dial = new NetworkNamespaceDialer(network).DialAsync };

    public DockerMachineLinks Links { get; private set; } = null!;

    private string Socket => Path.Combine(folder, "docker.sock");

    public async ValueTask InitializeAsync()
    {
        Missing = WhatIsMissing();
        if (Missing is not null)
        {
            return;
        }

        Identity = OperatorIdentity.Parse(pems);
        Links = new DockerMachineLinks(Engines, () => Identity, Options, TimeProvider.System);
        Directory.CreateDirectory(folder);
        var keys = Engines.For(MachineId);
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), keys.KeyPem);
        await File.WriteAllTextAsync(Path.Combine(folder, "cert.pem"), keys.CertificatePem);
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.pem"), Identity.Authorities);
        await File.WriteAllTextAsync(Path.Combine(folder, "daemon.json"), """{"live-restore": true}""");
        await RunAsync("ip", "netns", "add", network);
        await RunAsync("ip", "-n", network, "link", "set", "lo", "up");
        await StartAsync();
        await RunAsync("bash", Path.Combine(AppContext.BaseDirectory, "Docker", "engine.sh"), "image", Socket);
    }

    /// <summary>Ends dockerd as a crash does; its containers live on.</summary>
    public async Task KillAsync()
    {
        dockerd!.Kill();
        await dockerd.WaitForExitAsync();
        // Its containerd dies with it; both leave pid files whose processes are zombies for a while, and the next start believes them.
        File.Delete(Path.Combine(folder, "dockerd.pid"));
        File.Delete(Path.Combine(folder, "exec", "containerd", "containerd.pid"));
    }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("nsenter") { RedirectStandardError = true, UseShellExecute = false };
        string[] arguments =
        [
            $"--net=/run/netns/{network}",
            "dockerd",
            "-H",
            $"unix://{Socket}",
            "-H",
            $"tcp://{Endpoint.Address}:{Endpoint.Port}",
            "--config-file",
            Path.Combine(folder, "daemon.json"),
            "--data-root",
            Path.Combine(folder, "data"),
            "--exec-root",
            Path.Combine(folder, "exec"),
            "--pidfile",
            Path.Combine(folder, "dockerd.pid"),
            "--tlsverify",
            "--tlscacert",
            Path.Combine(folder, "ca.pem"),
            "--tlscert",
            Path.Combine(folder, "cert.pem"),
            "--tlskey",
            Path.Combine(folder, "key.pem"),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        dockerd = Process.Start(start)!;
        var log = Path.Combine(folder, "log");
        dockerd.ErrorDataReceived += (_, line) => File.AppendAllText(log, line.Data + "\n");
        dockerd.BeginErrorReadLine();
        for (var turn = 0; turn < 600; turn++)
        {
            if (dockerd.HasExited)
            {
                throw new InvalidOperationException($"dockerd ended: {await File.ReadAllTextAsync(log)}");
            }

            if (await AnswersAsync())
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"dockerd does not answer: {await File.ReadAllTextAsync(log)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        if (dockerd is { HasExited: false })
        {
            // With live-restore a container outlives its engine.
            var link = Links.For(Endpoint);
            foreach (
                var container in await link.ListContainersAsync(new Dictionary<string, string>(StringComparer.Ordinal), default)
            )
            {
                await link.RemoveContainerAsync(container.Id, default);
            }

            await RunAsync("kill", dockerd.Id.ToString());
            await dockerd.WaitForExitAsync();
        }

        dockerd?.Dispose();
        Links.Dispose();
        Identity.Dispose();

        // What a dockerd that did not come back left: found by our own folder's name in the command line.
        await RunAsync("sh", "-c", $"grep -lzs '^{folder}/exec/' /proc/[0-9]*/cmdline | cut -d/ -f3 | xargs -r kill");
        await RunAsync(
            "sh",
            "-c",
            $"awk -v f={folder}/ 'index($5, f) == 1 {{print $5}}' /proc/self/mountinfo | sort -r | xargs -r umount -l"
        );
        await RunAsync("ip", "netns", "del", network);
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
            await probe.SendAsync("GET /_ping HTTP/1.0\r\n\r\n"u8.ToArray());
            return await probe.ReceiveAsync(new byte[64]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string? WhatIsMissing()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").ToArray();
        var lacking = ((string[])["dockerd", "docker", "busybox", "ip", "nsenter"])
            .Where(t => !path.Any(p => File.Exists(Path.Combine(p, t))))
            .ToList();
        if (!Environment.IsPrivilegedProcess)
        {
            lacking.Add("root");
        }

        return lacking.Count == 0 ? null : $"no Docker Engine can be started here, missing: {string.Join(", ", lacking)}";
    }

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {error}");
        }
    }
}
