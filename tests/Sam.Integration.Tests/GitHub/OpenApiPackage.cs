using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sam.Integration.Tests.GitHub;

/// <summary>One of GitHub's published descriptions, fetched once by npm into a folder outside of the tree.</summary>
internal static class OpenApiPackage
{
    public const string Api = "@octokit/openapi@23.0.2";
    public const string Webhooks = "@octokit/openapi-webhooks@12.1.0";
    private const string Document = "package/generated/api.github.com.json";
    private static readonly SemaphoreSlim s_oneByOne = new(1, 1);
    private static readonly Dictionary<string, GitHubContract> s_loaded = [];

    /// <summary>The contract of a package. CI must be able to fetch it; elsewhere a machine that cannot skips with the reason.</summary>
    public static async Task<GitHubContract> LoadAsync(string package)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await s_oneByOne.WaitAsync(cancellationToken);
        try
        {
            if (s_loaded.TryGetValue(package, out var loaded))
            {
                return loaded;
            }
            var folder = Path.Combine(Path.GetTempPath(), $"sam-contracts-{Environment.UserName}", package.Replace('/', '-'));
            var file = Path.Combine(folder, Document);
            var problem = File.Exists(file) ? null : await FetchAsync(package, folder, cancellationToken);
            Assert.SkipWhen(
                problem is not null && Environment.GetEnvironmentVariable("CI") != "true",
                $"GitHub's description cannot be had: {problem}"
            );
            Assert.True(problem is null, problem);
            await using var stream = File.OpenRead(file);
            var document = await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken);
            return s_loaded[package] = new GitHubContract(document!);
        }
        finally
        {
            s_oneByOne.Release();
        }
    }

    private static async Task<string?> FetchAsync(string package, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var scratch = Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName()));
        try
        {
            // Of the package only this one file is unpacked: the whole is thirty times as large.
            var problem =
                await RunAsync(scratch.FullName, "npm", ["pack", "--silent", package], cancellationToken)
                ?? await RunAsync(scratch.FullName, "sh", ["-c", $"tar -xzf *.tgz {Document}"], cancellationToken);
            if (problem is null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, Document))!);
                // Last and in one step: another process never finds half a document.
                File.Move(Path.Combine(scratch.FullName, Document), Path.Combine(folder, Document), overwrite: true);
            }
            return problem;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<string?> RunAsync(
        string folder,
        string program,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {output}{await errors}";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return $"{program}: {exception.Message}";
        }
    }
}
