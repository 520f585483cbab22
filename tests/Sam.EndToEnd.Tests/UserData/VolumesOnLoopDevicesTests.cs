using System.Diagnostics;
using Sam.Operator.UserData;
using Sam.Tests.UserData;

namespace Sam.EndToEnd.Tests.UserData;

/// <summary>The script that mounts volumes, on real block devices of this kernel, with real blkid, mkfs, mount and resize2fs.</summary>
public sealed class VolumesOnLoopDevicesTests : IAsyncLifetime
{
    private const string Losetup = "/usr/sbin/losetup";
    private readonly string _home = Directory.CreateTempSubdirectory("sam-volumes-").FullName;
    private string _device = "";

    private string Disk => $"{_home}/disk";

    private string Mount => $"{_home}/mnt/77";

    public async ValueTask InitializeAsync()
    {
        foreach (var tool in (string[])[Losetup, "/usr/sbin/mkfs.ext4", "/usr/sbin/blkid"])
        {
            if (File.Exists(tool))
                continue;
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{tool} is missing");
            Assert.Skip($"{tool} is missing");
        }
        Directory.CreateDirectory($"{_home}/by-id");
        await OkAsync("truncate", "-s", "32M", Disk);
        _device = (await OkAsync(Losetup, "--find", "--show", Disk)).Trim();
        File.CreateSymbolicLink($"{_home}/by-id/scsi-0HC_Volume_77", _device);
        // As a partition's link, which is no volume of its own.
        File.CreateSymbolicLink($"{_home}/by-id/scsi-0HC_Volume_77-part1", _device);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Mount);
        await RunAsync("chattr", "-i", Mount);
        if (_device.Length > 0)
            await RunAsync(Losetup, "--detach", _device);
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task A_blank_volume_gets_a_file_system_once_and_keeps_its_data()
    {
        var (first, told) = await ScriptAsync();
        await File.WriteAllTextAsync($"{Mount}/kept", "data", TestContext.Current.CancellationToken);
        await OkAsync("umount", Mount);
        var (second, _) = await ScriptAsync();

        Assert.True(first == 0 && second == 0, told);
        Assert.Equal("data", await File.ReadAllTextAsync($"{Mount}/kept", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_volume_that_grew_has_room_for_more()
    {
        if (!MayResize())
            Assert.Skip("growing a mounted file system needs CAP_SYS_RESOURCE, which this container has not");
        await ScriptAsync();
        var before = new DriveInfo(Mount).TotalSize;
        await OkAsync("truncate", "-s", "64M", Disk);
        await OkAsync(Losetup, "--set-capacity", _device);

        var (exitCode, told) = await ScriptAsync();

        Assert.True(exitCode == 0, told);
        Assert.True(new DriveInfo(Mount).TotalSize > before * 3 / 2);
    }

    [Fact]
    public async Task Growing_is_asked_for_once_a_size_since_it_causes_an_event_that_runs_the_script_again()
    {
        await ScriptAsync();
        var asked = await TryGrowAsync();
        await OkAsync("truncate", "-s", "64M", Disk);
        await OkAsync(Losetup, "--set-capacity", _device);
        var grown = await TryGrowAsync();
        var again = await TryGrowAsync();

        Assert.Equal((0, 1, 1), (asked, grown, again));
    }

    [Fact]
    public async Task Two_events_at_once_make_one_file_system()
    {
        var both = await Task.WhenAll(ScriptAsync(), ScriptAsync());

        Assert.All(both, run => Assert.True(run.ExitCode == 0, run.Output));
        Assert.Single(both, run => run.Output.Contains("making a file system", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_neither_blank_nor_known_is_left_as_it_is_and_told()
    {
        await OkAsync("dd", "if=/dev/urandom", $"of={Disk}", "bs=4096", "count=16", "conv=notrunc", "status=none");
        var before = await File.ReadAllBytesAsync(Disk, TestContext.Current.CancellationToken);

        var (exitCode, told) = await ScriptAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains("left alone", told, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Disk, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Below_an_absent_mount_nothing_can_be_written()
    {
        await ScriptAsync();
        await OkAsync("umount", Mount);
        var (immutable, flags) = await RunAsync("lsattr", "-d", Mount);
        if (immutable != 0 || !flags.Split(' ')[0].Contains('i', StringComparison.Ordinal))
            Assert.Skip("this file system or this container has no immutable flag");

        var write = await RunAsync("touch", $"{Mount}/lost");

        Assert.NotEqual(0, write.ExitCode);
    }

    private static bool MayResize()
    {
        const int resource = 24;
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line["CapEff:".Length..].Trim(), 16) >> resource & 1) == 1;
    }

    /// <summary>How often resize2fs was called so far, which only says that it was.</summary>
    private async Task<int> TryGrowAsync()
    {
        Directory.CreateDirectory($"{_home}/bin");
        await File.WriteAllTextAsync($"{_home}/bin/resize2fs", $"#!/bin/sh\necho x >>{_home}/grown\n", CancellationToken.None);
        await OkAsync("chmod", "0755", $"{_home}/bin/resize2fs");
        var (exitCode, told) = await ScriptAsync($"{_home}/bin:");
        Assert.True(exitCode == 0, told);
        return File.Exists($"{_home}/grown")
            ? (await File.ReadAllLinesAsync($"{_home}/grown", CancellationToken.None)).Length
            : 0;
    }

    private Task<(int ExitCode, string Output)> ScriptAsync(string path = "")
    {
        var rendered = UserDataRenderer.Render(UserDataSamples.Full);
        var script = rendered.Split("path: /usr/local/sbin/sam-volumes\n")[1].Split("content: |\n")[1].Split("\n  - path:")[0];
        var file = $"{_home}/sam-volumes-{Guid.NewGuid():n}";
        File.WriteAllText(
            file,
            string.Join('\n', script.Split('\n').Select(line => line.Length > 6 ? line[6..] : ""))
                .Replace("/dev/disk/by-id", $"{_home}/by-id", StringComparison.Ordinal)
                .Replace("/mnt/sam", $"{_home}/mnt", StringComparison.Ordinal)
                .Replace("/run/sam-volumes", $"{_home}/run", StringComparison.Ordinal)
        );
        return RunAsync("env", $"PATH={path}{Environment.GetEnvironmentVariable("PATH")}", "sh", file);
    }

    private static async Task<string> OkAsync(string command, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(command, arguments);
        Assert.True(exitCode == 0, $"{command} {string.Join(' ', arguments)}: {output}");
        return output;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
