using System.Diagnostics;
using Sam.EndToEnd.Tests.Lab;
using Sam.Simulators.Booting;

[assembly: AssemblyFixture(typeof(LabFixture))]

namespace Sam.EndToEnd.Tests.Lab;

/// <summary>The real-engine lab for all tests that need it: the one that SAM_ENGINES names, else one of its own.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    private const int CannotBeHad = 3; // exit code of scripts/engines.sh
    private readonly SemaphoreSlim gate = new(1, 1);
    private string? ownFolder;
    private string? whyNot;
    private EngineLab? lab;

    /// <summary>The lab; brought up by the first test that asks. Where no engine can be had the test is skipped, but fails in CI.</summary>
    public async Task<EngineLab> LabAsync()
    {
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (lab is null && whyNot is null)
            {
                await BringUpAsync();
            }
        }
        finally
        {
            gate.Release();
        }

        if (whyNot is { } reason)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }

        return lab!;
    }

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        if (ownFolder is { } folder)
        {
            var (code, errors) = await ScriptAsync("down", folder);
            Assert.True(code == 0, errors);
            Assert.False(Directory.Exists(folder));
        }
    }

    private async Task BringUpAsync()
    {
        if (
            Environment.GetEnvironmentVariable("SAM_ENGINES") is { Length: > 0 } given
            && File.Exists(Path.Combine(given, "engines.json"))
        )
        {
            lab = EngineLab.Load(given);
            return;
        }

        var folder = Path.Combine(Path.GetTempPath(), $"sam-lab-{Environment.ProcessId}");
        ownFolder = folder;
        var (code, errors) = await ScriptAsync("up", folder);
        if (code == CannotBeHad)
        {
            whyNot = errors.Trim();
            return;
        }

        Assert.True(code == 0, errors);
        lab = EngineLab.Load(folder);
    }

    private static async Task<(int Code, string Errors)> ScriptAsync(string verb, string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(RepositoryRoot(), "scripts", "engines.sh"), [verb, folder])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no Sam.sln above the tests");
        }

        return folder.FullName;
    }
}
