using System.Diagnostics;

namespace Sam.Playground;

/// <summary>Runs the commands of README's tour as they stand, so that the page cannot go stale.</summary>
internal static class ReadmeTour
{
    private const string Section = "## Five minutes";

    /// <summary>Every command of the tour's shell blocks, in order, in one shell; the shell's exit code and its last words.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(CancellationToken cancellationToken)
    {
        var script = string.Join(
            '\n',
            Commands(await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md"), cancellationToken))
        );
        var start = new ProcessStartInfo("bash")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.ArgumentList.Add("-euo");
        start.ArgumentList.Add("pipefail");
        using var shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(script.AsMemory(), cancellationToken);
        shell.StandardInput.Close();
        var output = shell.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = shell.StandardError.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        return (shell.ExitCode, await output + await errors);
    }

    private static IEnumerable<string> Commands(string[] lines)
    {
        var inShell = false;
        foreach (
            var line in lines
                .SkipWhile(line => line != Section)
                .Skip(1)
                .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        )
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inShell = line == "```sh";
            else if (inShell)
                yield return line;
        }
    }
}
