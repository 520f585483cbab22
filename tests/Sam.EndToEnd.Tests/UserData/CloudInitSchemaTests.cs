using System.Diagnostics;
using Sam.Operator.UserData;
using Sam.Tests.UserData;

namespace Sam.EndToEnd.Tests.UserData;

/// <summary>The judgement of cloud-init itself, and of the shells and nft that read the files.</summary>
public sealed class CloudInitSchemaTests
{
    private const string CloudInit = "/usr/bin/cloud-init";

    [Theory]
    [MemberData(nameof(UserDataSamples.Names), MemberType = typeof(UserDataSamples))]
    public async Task Cloud_init_accepts_the_user_data(string name)
    {
        Require(CloudInit);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            UserDataRenderer.Render(UserDataSamples.Named(name)),
            TestContext.Current.CancellationToken
        );

        // The tool's first line names python3, and another one may come first in the path.
        var (exitCode, output) = await RunAsync("/usr/bin/python3", CloudInit, "schema", "--config-file", file);
        File.Delete(file);

        Assert.True(exitCode == 0, output);
        Assert.Contains("Valid", output, StringComparison.Ordinal);
    }

    private static void Require(string tool)
    {
        if (!File.Exists(tool))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{tool} is missing");
            Assert.Skip($"{tool} is missing");
        }
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
