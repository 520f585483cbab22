using System.Diagnostics;
using Sam.Simulators.Hetzner;

namespace Sam.Integration.Tests.Hetzner;

/// <summary>The official command line against the simulator: an independent client that expects the real thing.</summary>
public sealed class HcloudCliTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Volumes_firewalls_networks_keys_and_addresses_work_with_it_too()
    {
        var program = Program();
        var options = new HetznerSimulatorOptions { Delays = HetznerDelays.None };
        await using var simulator = await HetznerSimulator.StartAsync(options, Cancellation);
        Task<string> Run(string arguments) => RunAsync(program, simulator, arguments);
        var key = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            key,
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB\n",
            Cancellation
        );

        await Run($"ssh-key create --name ops --public-key-from-file {key}");
        await Run("network create --name backbone --ip-range 10.7.0.0/16");
        await Run("firewall create --name wall");
        await Run("firewall add-rule wall --direction in --protocol tcp --port 2376 --source-ips 203.0.113.7/32");
        await Run("server create --name web1 --type cx23 --image docker-ce --location fsn1 --ssh-key ops --network backbone");
        await Run("firewall apply-to-resource wall --type server --server web1");
        await Run("volume create --name data --size 10 --server web1");
        await Run("volume resize data --size 20");
        await Run("volume detach data");
        await Run("volume attach data --server web1");
        var volume = await Run("volume describe data -o format={{.Size}}");
        var wall = await Run("firewall describe wall");
        var address = await Run("primary-ip list -o noheader -o columns=id");
        await Run($"primary-ip update {address.Trim()} --auto-delete=false --name kept");
        await Run("firewall remove-from-resource wall --type server --server web1");
        await Run("volume detach data");
        await Run("volume delete data");
        await Run("server delete web1");
        var kept = await Run("primary-ip list -o noheader -o columns=name");
        await Run("primary-ip delete kept");
        await Run("firewall delete wall");
        await Run("network delete backbone");
        await Run("ssh-key delete ops");
        File.Delete(key);

        Assert.Equal(("20", "kept"), (volume.Trim(), kept.Trim()));
        Assert.Contains("2376", wall, StringComparison.Ordinal);
        Assert.Empty(simulator.Servers());
    }

    [Fact]
    public async Task Official_command_line_works_against_the_simulator()
    {
        var program = Program();
        var options = new HetznerSimulatorOptions { Delays = HetznerDelays.None };
        await using var simulator = await HetznerSimulator.StartAsync(options, Cancellation);
        Task<string> Run(string arguments) => RunAsync(program, simulator, arguments);

        await Run("server create --name web1 --type cx23 --image docker-ce --location fsn1 --label a=b");
        var listed = await Run("server list --selector a=b -o noheader -o columns=name,status,ipv4");
        await Run("server poweroff web1");
        var off = await Run("server describe web1 -o format={{.Status}}");
        await Run("server poweron web1");
        var types = await Run("server-type list -o noheader -o columns=name");
        foreach (
            var kind in new[]
            {
                "location",
                "datacenter",
                "image",
                "ssh-key",
                "volume",
                "firewall",
                "network",
                "placement-group",
                "primary-ip",
            }
        )
        {
            await Run($"{kind} list");
        }
        await Run("server delete web1");

        Assert.Equal(
            ["web1", "running", "203.0.113.1"],
            listed.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
        Assert.Equal("off", off.Trim());
        Assert.Contains("cx23", types, StringComparison.Ordinal);
        Assert.Empty(simulator.Servers());
    }

    private static string Program()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "hcloud"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "hcloud is not installed (Debian package hcloud-cli)");
        return program!;
    }

    private static async Task<string> RunAsync(string program, HetznerSimulator simulator, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The simulator's token is no secret; this is the only way the program takes one.
        start.Environment["HCLOUD_TOKEN"] = HetznerSimulatorOptions.DefaultToken;
        start.Environment["HCLOUD_ENDPOINT"] = simulator.Endpoint.AbsoluteUri.TrimEnd('/');
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"hcloud {arguments}: {errors}");
        return await output;
    }
}
