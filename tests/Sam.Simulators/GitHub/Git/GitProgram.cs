using System.Diagnostics;

namespace Sam.Simulators.GitHub.Git;

/// <summary>Runs git, whatever the person's own configuration says.</summary>
internal static class GitProgram
{
    public static ProcessStartInfo Start(string folder, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_DIR"] = folder;
        return start;
    }

    public static byte[] Run(string folder, IReadOnlyList<string> arguments, byte[]? input = null)
    {
        using var process = Process.Start(Start(folder, arguments))!;
        // What is fed is either read whole before the first answer or smaller than a pipe: one after the other cannot block.
        process.StandardInput.BaseStream.Write(input ?? []);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} in {folder}: {errors}");
    }
}
