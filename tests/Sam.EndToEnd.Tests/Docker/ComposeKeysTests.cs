using Sam.Compose.Model;
using Sam.Compose.Parsing;
using Sam.Compose.Planning;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.ComposeApps;

namespace Sam.EndToEnd.Tests.Docker;

/// <summary>Keys of a Compose file do on a real engine what the specification says, seen from inside the container.</summary>
[Collection("dockerd")]
public sealed class ComposeKeysTests(DockerdFixture engine) : IAsyncLifetime
{
    private const string Uid = "c0ffee00-1111-4222-8333-444455556666";
    private const string Image = "sam/runs:1";

    private const string File = """
        services:
          web:
            image: sam/runs:1
            init: true
            hostname: hosty
            read_only: true
            tmpfs: ["/scratch:size=1m,mode=1777"]
            shm_size: 2m
            mem_limit: 48m
            ulimits: {nofile: {soft: 111, hard: 222}}
            sysctls: {net.ipv4.ip_unprivileged_port_start: 81}
            extra_hosts: ["other:10.9.8.7"]
            dns_search: [corner.test]
            cap_drop: [ALL]
            cap_add: [CHOWN]
            group_add: ["456"]
            logging: {driver: json-file, options: {max-size: 1m, max-file: "2"}}
            secrets: [plain, {source: strict, target: /etc/strict, mode: 0440, uid: "123", gid: "124"}]
            configs: [{source: conf, target: /etc/app.conf}]
            networks: {default: {aliases: [extra]}, back: }
        networks: {back: {internal: true}}
        secrets: {plain: {environment: PLAIN}, strict: {external: true}}
        configs: {conf: {content: "greeting=hello\n"}}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IMachineLink Link => engine.Links.For(engine.Endpoint);

    public ValueTask InitializeAsync()
    {
        DockerMachineLinkContractTests.RequireEngine(engine);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (engine.Missing is not null)
            return;
        var labels = EngineNames.AppLabels(Uid);
        foreach (var container in await Link.ListContainersAsync(labels, CancellationToken.None))
            await Link.RemoveContainerAsync(container.Id, CancellationToken.None);
        foreach (var name in (string[])[NodeFiles.Container, "sam-caddy"])
            await Link.RemoveContainerAsync(name, CancellationToken.None);
        foreach (var network in await Link.ListNetworksAsync(labels, CancellationToken.None))
            await Link.RemoveNetworkAsync(network, CancellationToken.None);
    }

    [Fact]
    public async Task A_container_has_the_rights_limits_names_and_files_that_its_file_asks_for()
    {
        // Its image is what the files are written through.
        await Link.CreateContainerAsync(new ContainerRequest { Name = "sam-caddy", Image = Image }, Cancel);

        var id = await DeployAsync();

        Assert.Equal("hosty\n", await InsideAsync(id, "hostname"));
        Assert.Matches(@"111\s+222", await InsideAsync(id, "grep 'open files' /proc/1/limits"));
        Assert.Equal("81\n", await InsideAsync(id, "cat /proc/sys/net/ipv4/ip_unprivileged_port_start"));
        Assert.Contains("10.9.8.7", await InsideAsync(id, "grep other /etc/hosts"), StringComparison.Ordinal);
        Assert.Contains("corner.test", await InsideAsync(id, "grep search /etc/resolv.conf"), StringComparison.Ordinal);
        Assert.Equal(
            "no\nyes\n",
            await InsideAsync(id, "touch /x 2>/dev/null && echo yes || echo no; touch /scratch/x && echo yes")
        );
        Assert.Contains("size=1024k", await InsideAsync(id, "grep ' /scratch ' /proc/mounts"), StringComparison.Ordinal);
        Assert.Contains("size=2048k", await InsideAsync(id, "grep ' /dev/shm ' /proc/mounts"), StringComparison.Ordinal);
        // CHOWN alone is bit 0.
        Assert.Contains("0000000000000001", await InsideAsync(id, "grep CapBnd /proc/1/status"), StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", await InsideAsync(id, "grep NoNewPrivs /proc/1/status"), StringComparison.Ordinal);
        Assert.Contains("456", await InsideAsync(id, "grep Groups /proc/1/status"), StringComparison.Ordinal);
        Assert.Equal("s3cret", await InsideAsync(id, "cat /run/secrets/plain"));
        Assert.Equal("444 0 0\n", await InsideAsync(id, "stat -c '%a %u %g' /run/secrets/plain"));
        Assert.Equal("440 123 124\n", await InsideAsync(id, "stat -c '%a %u %g' /etc/strict"));
        Assert.Equal("greeting=hello\n", await InsideAsync(id, "cat /etc/app.conf"));
        Assert.Equal("no\n", await InsideAsync(id, "echo x >/etc/app.conf 2>/dev/null && echo yes || echo no"));
        var shown = (await Link.InspectContainerAsync(id, Cancel))!;
        // The engine adds the host name itself.
        Assert.Equal(["web", "extra", "hosty"], shown.Networks[EngineNames.Network(Uid)]);
        Assert.Equal(["web", "hosty"], shown.Networks[EngineNames.Network(Uid, "back")]);
    }

    [Fact]
    public async Task Without_its_secret_a_container_does_not_start_and_with_it_it_does()
    {
        await Link.CreateContainerAsync(new ContainerRequest { Name = "sam-caddy", Image = Image }, Cancel);
        var id = await DeployAsync();
        await Link.StopContainerAsync(id, TimeSpan.FromSeconds(2), Cancel);
        // As a reboot leaves the folder.
        var folder = new DirectoryInfo(NodeFiles.MemoryFolder);
        foreach (var file in folder.GetFiles($"{Uid[..8]}-*"))
            file.Delete();

        var fault = await Assert.ThrowsAsync<EngineException>(() => Link.StartContainerAsync(id, Cancel));
        foreach (var file in Wanted().Files.Values)
            await NodeFiles.WriteAsync(Link, file, Cancel);
        await Link.StartContainerAsync(id, Cancel);

        Assert.Contains("bind source path does not exist", fault.Message, StringComparison.Ordinal);
        Assert.Equal("s3cret", await InsideAsync(id, "cat /run/secrets/plain"));
    }

    private static Desired Wanted()
    {
        var parsed = ComposeParser.Parse(File, new Dictionary<string, string>());
        var release = new ReleaseSpec
        {
            Model = parsed.Model!,
            Images = Ordinal.Sort([KeyValuePair.Create("web", Image)]),
            Files = Ordinal.Sort([
                KeyValuePair.Create("secrets/plain", Convert.ToBase64String("s3cret"u8)),
                KeyValuePair.Create("secrets/strict", Convert.ToBase64String("strict"u8)),
                KeyValuePair.Create("configs/conf", Convert.ToBase64String("greeting=hello\n"u8)),
            ]),
        };
        return DesiredRelease.Resolve(Uid, 1, release);
    }

    /// <summary>Carries out the plan of a first release up to its first wait; the container's id.</summary>
    private async Task<string> DeployAsync()
    {
        var desired = Wanted();
        var id = "";
        foreach (var operation in DeployPlanner.Plan(desired, new Observed { Images = [Image] }).Operations)
        {
            switch (operation)
            {
                case Operation.EnsureNetwork it:
                    await Link.EnsureNetworkAsync(it.Name, it.Labels, null, it.Internal, Cancel);
                    break;
                case Operation.WriteFile it:
                    await NodeFiles.WriteAsync(Link, it.File, Cancel);
                    break;
                case Operation.CreateContainer it:
                    id = await Link.CreateContainerAsync(ContainerRequests.For(it), Cancel);
                    break;
                case Operation.ConnectNetwork it:
                    await Link.ConnectAsync(it.Network, id, it.Aliases, Cancel);
                    break;
                case Operation.StartContainer:
                    await Link.StartContainerAsync(id, Cancel);
                    break;
                default:
                    return id;
            }
        }

        return id;
    }

    private async Task<string> InsideAsync(string id, string script)
    {
        var result = await Link.ExecAsync(id, ["sh", "-c", script], default, Cancel);
        return result.Output;
    }
}
