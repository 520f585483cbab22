using System.Diagnostics;
using Sam.Simulators.Hetzner;

namespace Sam.Integration.Tests.Hetzner;

/// <summary>The official command line against the simulator: an independent client that expects the real thing.</summary>
public sealed class HcloudCliTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Official_command_line_works_against_the_simulator()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "hcloud"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "hcloud is not installed (Debian package hcloud-cli)");
        var options = new HetznerSimulatorOptions { Delays = HetznerDelays.None };
        await using var simulator = await HetznerSimulator.StartAsync(options, Cancellation);
        Task<string> Run(string arguments) => RunAsync(program!, simulator, arguments);

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
