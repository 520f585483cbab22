using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Integration.Tests.GitHub;

/// <summary>The simulator as a process of its own.</summary>
public sealed class GitHubCommandTests
{
    [Fact]
    public async Task Started_as_a_command_it_serves_an_app_that_holds_the_written_key()
    {
        Assert.SkipUnless(GitCommandLine.IsInstalled, "git is not installed (Debian package git)");
        var folder = Directory.CreateTempSubdirectory("sam-github-command-");
        var key = Path.Combine(folder.FullName, "app.pem");
        using var process = Start(
            "github",
            "--port",
            "0",
            "--repository",
            "acme/shop",
            "--key-file",
            key,
            "--git-folder",
            folder.FullName
        );
        try
        {
            // github simulator listens on http://127.0.0.1:1/, App 1200001
            var words = (await process.StandardOutput.ReadLineAsync(SocketBench.Cancellation))!.Split(' ');
            var installation = (await process.StandardOutput.ReadLineAsync(SocketBench.Cancellation))!.Split(' ')[1];
            var endpoint = new Uri(words[4].TrimEnd(','));
            await using var signer = GitHubSimulator.Create();
            var app = signer.Apps.Add(
                "signer",
                new SimulatedAppOptions { PrivateKeyPem = await File.ReadAllTextAsync(key, SocketBench.Cancellation) }
            );
            var jwt = app.SignJwt(TimeProvider.System.GetUtcNow(), issuer: words[^1]);

            var token = await MintAsync(endpoint, installation, jwt);
            using var git = new GitCommandLine();
            var clone = await git.RunAsync(token, "clone", "-q", GitCommandLine.Url(endpoint, "acme/shop.git"), "shop");

            Assert.True(clone.Status == 0, clone.Text);
            Assert.True(long.Parse(installation, CultureInfo.InvariantCulture) > int.MaxValue);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Sam.Simulators.dll");
        return Process.Start(
            new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
    }

    private static async Task<string> MintAsync(Uri endpoint, string installation, string jwt)
    {
        using var http = new HttpClient { BaseAddress = endpoint };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("sam-tests", "1"));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", jwt);
        var body = new JsonObject { ["permissions"] = new JsonObject { ["contents"] = "read" } };
        using var response = await http.PostAsJsonAsync(
            $"app/installations/{installation}/access_tokens",
            body,
            SocketBench.Cancellation
        );
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(SocketBench.Cancellation))!["token"]!.GetValue<string>();
    }
}
