using System.Diagnostics;

namespace Sam.EndToEnd.Tests.Registry;

/// <summary>Runs real programs, and whole pages of shell as a reader of the documentation types them.</summary>
internal sealed class CommandLine(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>How a command ended.</summary>
    public sealed record Result(int Code, string Output);

    /// <summary>Everything that programs printed.</summary>
    public List<string> Printed { get; } = [];

    /// <summary>Runs lines of bash; every one of them has to succeed.</summary>
    public async Task<string> ShellAsync(string script, CancellationToken cancellationToken)
    {
        var result = await TryAsync(script, cancellationToken);
        Assert.True(result.Code == 0, $"{script}\n{result.Output}");
        return result.Output;
    }

    /// <summary>Runs lines of bash and says how they ended.</summary>
    public async Task<Result> TryAsync(string script, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(script.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var all = await output + await errors;
        Printed.Add(all);
        return new Result(process.ExitCode, all);
    }

    /// <summary>The first of these programs that is not there; null if all are.</summary>
    public static string? Missing(params string[] programs)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").ToArray();
        return Array.Find(programs, program => !path.Any(folder => File.Exists(Path.Combine(folder, program))));
    }
}
