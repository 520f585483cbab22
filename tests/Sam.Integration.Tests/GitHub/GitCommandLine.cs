using System.Diagnostics;

namespace Sam.Integration.Tests.GitHub;

/// <summary>A real git in a folder of its own; the token goes through the environment, never through arguments.</summary>
internal sealed class GitCommandLine : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("sam-git-");

    public GitCommandLine()
    {
        File.WriteAllText(AskPass, "#!/bin/sh\necho \"$SIM_TOKEN\"\n");
        File.SetUnixFileMode(AskPass, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Folder => _home.FullName;

    private string AskPass => Path.Combine(_home.FullName, "askpass.sh");

    public static bool IsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "git")));

    /// <summary>The URL to clone from, with the user name that asks for a password.</summary>
    public static string Url(Uri endpoint, string path, string user = "x-access-token") =>
        $"{endpoint.Scheme}://{user}@{endpoint.Authority}/{path}";

    /// <summary>Runs it and gives its status with all it said.</summary>
    public async Task<(int Status, string Text)> RunAsync(string token, params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = _home.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var environment = start.Environment;
        environment["HOME"] = _home.FullName;
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_ASKPASS"] = AskPass;
        environment["SIM_TOKEN"] = token;
        foreach (var role in new[] { "AUTHOR", "COMMITTER" })
        {
            (environment[$"GIT_{role}_NAME"], environment[$"GIT_{role}_EMAIL"]) = ("test", "test@example.invalid");
        }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output + await errors);
    }

    /// <summary>Commits a file in a clone.</summary>
    public async Task CommitAsync(string clone, string path, string text)
    {
        var file = Path.Combine(_home.FullName, clone, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("", "-C", clone, "add", "--all")).Status);
        Assert.Equal(0, (await RunAsync("", "-C", clone, "commit", "--quiet", "-m", $"Change {path}")).Status);
    }

    public void Dispose() => _home.Delete(recursive: true);
}
