using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Docker.DotNet.Models;
using Sam.Simulators.Booting;
using Sam.Testing;

namespace Sam.EndToEnd.Tests.Lab;

/// <summary>Two servers boot at once from user data as the operator writes it, and go through every verb.</summary>
public sealed class BootedServersTests(LabFixture fixture, ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>1 boot, 2 mutual TLS, 3 pull by digest, 4 publish port 80, 5 power verbs, 6 delete.</summary>
    [Fact]
    public async Task Two_servers_boot_serve_survive_power_verbs_and_leave_nothing()
    {
        var lab = await fixture.LabAsync();
        using var pki = new LabPki();
        await using var servers = await BootedServers.StartAsync(lab, TimeProvider.System, Stop);

        var booted = await Task.WhenAll(BootAsync(servers, pki, 101, "edge-1"), BootAsync(servers, pki, 102, "edge-2"));
        Assert.NotEqual(booted[0].PublicIPv4, booted[1].PublicIPv4);
        foreach (var server in booted)
        {
            await AssertHardenedAsync(servers, server);
            await AssertMutualTlsAsync(server, pki);
        }

        var edge = booted[0];
        await RunWebAsync(edge, pki, lab);
        await AssertServesAsync(edge, "Hello from SAM demo 1");

        await servers.PowerOffAsync(edge.Id, Stop);
        await AssertRefusesAsync(edge);
        Assert.Contains(await servers.ListAsync(Stop), server => server.Id == edge.Id && server.Power == ServerPower.Off);
        await servers.PowerOnAsync(edge.Id, Stop);
        await AssertServesAsync(edge, "Hello from SAM demo 1");
        await servers.ResetAsync(edge.Id, Stop);
        await AssertServesAsync(edge, "Hello from SAM demo 1");
        await servers.ShutdownAsync(edge.Id, Stop);
        await AssertRefusesAsync(edge);
        await servers.PowerOnAsync(edge.Id, Stop);
        await AssertServesAsync(edge, "Hello from SAM demo 1");

        Assert.True(await servers.DeleteAsync(101, Stop));
        Assert.False(await servers.DeleteAsync(101, Stop));
        await AssertRefusesAsync(edge);
        Assert.True(await servers.DeleteAsync(102, Stop));
        await AssertNothingLeftAsync(lab);
    }

    [Fact]
    public async Task What_a_container_cannot_stand_in_for_is_refused()
    {
        var lab = await fixture.LabAsync();
        await using var servers = await BootedServers.StartAsync(lab, TimeProvider.System, Stop);
        var boot = new ServerBoot(201, "edge", "ubuntu-24.04", "", []);

        await Assert.ThrowsAsync<BootRefusedException>(() => servers.CreateAsync(boot, Stop));
        await Assert.ThrowsAsync<BootRefusedException>(() =>
            servers.CreateAsync(boot with { Image = "docker-ce", UserData = new string('#', 33 * 1024) }, Stop)
        );

        Assert.Empty(await servers.ListAsync(Stop));
    }

    [Fact]
    public async Task The_registry_answers_here_under_the_reference_it_has_in_the_engine()
    {
        var lab = await fixture.LabAsync();
        await using var servers = await BootedServers.StartAsync(lab, TimeProvider.System, Stop);
        using var http = new HttpClient();

        var tags = await http.GetFromJsonAsync<JsonObject>(new Uri($"http://{lab.Registry}/v2/demo/web/tags/list"), Stop);

        Assert.Equal(["1", "2", "bad"], tags!["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()).Order());
    }

    private async Task<BootedServer> BootAsync(BootedServers servers, LabPki pki, long id, string name)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var server = await servers.CreateAsync(new ServerBoot(id, name, "docker-ce", LabUserData.For(pki), []), Stop);
        var created = clock.GetElapsedTime(began);
        using var engine = pki.Connect(new Uri($"https://{server.PublicIPv4}:2376"), withCertificate: true);
        await Poll.UntilIsAsync("OK", () => engine.GetStringAsync(new Uri("/_ping", UriKind.Relative), Stop), Stop);
        var answered = clock.GetElapsedTime(began);
        var status = await servers.ConsoleAsync(id, ["cloud-init", "status", "--wait", "--long"], Stop);
        Assert.True(
            status.ExitCode == 0 && status.Output.Contains("status: done", StringComparison.Ordinal),
            status.Output + status.Errors
        );
        output.WriteLine(
            $"{name}: created {created:s\\.ff} s, engine {answered:s\\.ff} s, cloud-init done {clock.GetElapsedTime(began):s\\.ff} s"
        );
        return server;
    }

    private static async Task AssertHardenedAsync(BootedServers servers, BootedServer server)
    {
        var script =
            "hostname; stat -c %a /etc/docker/tls/key.pem; nft list table inet sam_metadata; systemctl --failed --no-legend | wc -l; docker info -f '{{.LiveRestoreEnabled}} {{.Driver}} {{.LoggingDriver}}'";
        var result = await servers.ConsoleAsync(server.Id, ["sh", "-c", script], Stop);

        var lines = result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([server.Name, "600"], lines[..2]);
        Assert.Contains("169.254.169.254", result.Output);
        Assert.Equal(["0", "true overlay2 json-file"], lines[^2..]);
    }

    private static async Task AssertMutualTlsAsync(BootedServer server, LabPki pki)
    {
        using var stranger = pki.Connect(new Uri($"https://{server.PublicIPv4}:2376"), withCertificate: false);

        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(new Uri("/_ping", UriKind.Relative), Stop));
    }

    private static async Task RunWebAsync(BootedServer server, LabPki pki, EngineLab lab)
    {
        using var engine = pki.Connect(new Uri($"https://{server.PublicIPv4}:2376"), withCertificate: true);
        var image = lab.Images["web1"];
        var distribution = await engine.GetFromJsonAsync<JsonObject>(
            new Uri($"/v1.41/distribution/{image}/json", UriKind.Relative),
            Stop
        );
        var digest = distribution!["Descriptor"]!["digest"]!.GetValue<string>();
        var repository = image[..image.LastIndexOf(':')];
        using var pull = await engine.PostAsync(
            new Uri($"/v1.41/images/create?fromImage={repository}&tag={digest}", UriKind.Relative),
            null,
            Stop
        );
        Assert.DoesNotContain("errorDetail", await pull.Content.ReadAsStringAsync(Stop));
        var container = JsonSerializer.SerializeToElement(
            new
            {
                Image = $"{repository}@{digest}",
                HostConfig = new
                {
                    RestartPolicy = new { Name = "unless-stopped" },
                    PortBindings = new Dictionary<string, object[]> { ["8080/tcp"] = [new { HostPort = "80" }] },
                },
            }
        );
        using var created = await engine.PostAsJsonAsync(
            new Uri("/v1.41/containers/create?name=web", UriKind.Relative),
            container,
            Stop
        );
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var started = await engine.PostAsync(new Uri("/v1.41/containers/web/start", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.NoContent, started.StatusCode);
    }

    private static async Task AssertServesAsync(BootedServer server, string text)
    {
        using var http = new HttpClient();
        await Poll.UntilIsAsync(text + "\n", () => http.GetStringAsync(new Uri($"http://{server.PublicIPv4}/"), Stop), Stop);
    }

    private static async Task AssertRefusesAsync(BootedServer server)
    {
        foreach (var port in new[] { 80, 443, 2376 })
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var error = await Assert.ThrowsAsync<SocketException>(async () =>
                await socket.ConnectAsync(server.PublicIPv4, port, Stop)
            );
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        }
    }

    private static async Task AssertNothingLeftAsync(EngineLab lab)
    {
        using var docker = new DockerClientBuilder().WithEndpoint(new Uri(lab.DockerHost)).Build();
        var filter = new Dictionary<string, IDictionary<string, bool>>
        {
            ["label"] = new Dictionary<string, bool> { [$"dev.sam.lab={lab.Lab}"] = true },
        };
        Assert.Empty(
            await docker.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, Stop)
        );
        var volumes = await docker.Volumes.ListAsync(new VolumesListParameters { Filters = filter }, Stop);
        Assert.Empty(volumes.Volumes ?? []);
    }
}
