using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.Testing;

namespace Sam.EndToEnd.Tests.Registry;

/// <summary>Real docker and Debian's registry: within its scope a login works, outside it fails, and it ends.</summary>
public sealed partial class RegistryTokensOnDebianTests(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>1 the commands of docs/registry.md, 2 another repository, another namespace, 3 no login, 4 a pod's own token, 5 nothing secret is printed.</summary>
    [Fact]
    public async Task The_commands_of_the_page_work_and_nothing_beyond_their_roles_does()
    {
        await using var lab = await RegistryLab.StartAsync();
        foreach (var block in Blocks(lab, section: "## People"))
            await lab.Shell.ShellAsync(block, Stop);

        var token = await LoginAsync(lab, "anna");
        await RefusedAsync(lab, $"docker push {lab.Host}/{lab.Namespace}/secret:1", "denied", "insufficient_scope");
        await lab.Shell.ShellAsync($"docker tag {lab.Host}/{lab.Namespace}/app:1 {lab.Host}/other/app:1", Stop);
        await RefusedAsync(lab, $"docker push {lab.Host}/other/app:1", "denied", "insufficient_scope");
        await lab.Shell.ShellAsync(
            $"docker rmi {lab.Host}/{lab.Namespace}/app:1 && docker pull {lab.Host}/{lab.Namespace}/app:1",
            Stop
        );
        await lab.Shell.ShellAsync($"kubectl -n {lab.Namespace} delete rolebinding anna-registry-push", Stop);
        await RefusedAsync(lab, $"docker pull {lab.Host}/{lab.Namespace}/app:1", "denied", "insufficient_scope");
        await lab.Shell.ShellAsync($"docker logout {lab.Host}", Stop);
        await RefusedAsync(lab, $"docker pull {lab.Host}/{lab.Namespace}/app:1", "no basic auth", "unauthorized", "denied");
        await RefusedAsync(
            lab,
            $"kubectl -n {lab.Namespace} create token anna | docker login --username token --password-stdin {lab.Host}",
            "unauthorized",
            "401"
        );

        var printed = string.Join('\n', [.. lab.Operator.Output, .. lab.Shell.Printed]);
        Assert.Contains("Minted a registry token for system:serviceaccount", printed, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2], printed, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", string.Join('\n', lab.Operator.Output), StringComparison.Ordinal);
        var events = await lab.Shell.ShellAsync(
            $"kubectl -n {lab.Namespace} get events -o jsonpath='{{.items[*].reason}}'",
            Stop
        );
        Assert.Contains("RegistryTokenMinted", events, StringComparison.Ordinal);
    }

    /// <summary>1 a token of the old key, 2 a rotation, 3 old and new work, 4 the old key leaves the bundle: only the new one works.</summary>
    [Theory]
    [InlineData("Certificate")]
    [InlineData("Fingerprint")]
    public async Task After_a_rotation_old_and_new_work_and_then_only_new(string keys)
    {
        await using var lab = await RegistryLab.StartAsync(("Sam__Registry__Trusted__0__Keys", keys));
        await PushedAsync(lab);
        var old = await TokenAsync(lab, "anna", "pull");
        var bundleBefore = await lab.BundleAsync();

        foreach (var block in Blocks(lab, "## Keys", until: "If the key has leaked"))
            await lab.Shell.ShellAsync(block, Stop);
        await Poll.UntilAsync(
            async () => Certificates(await lab.BundleAsync()) == 2,
            () => Task.FromResult("no second key was published"),
            Stop
        );
        await lab.RestartRegistryAsync(await lab.BundleAsync());
        await Poll.UntilAsync(
            () => lab.Operator.Output.Any(line => line.Contains("Published registry key", StringComparison.Ordinal)),
            "the new key got no time",
            Stop
        );
        var fresh = await TokenOfAnotherKeyAsync(lab, old);

        Assert.Equal(HttpStatusCode.OK, await lab.ManifestAsync($"{lab.Namespace}/app", old));
        Assert.Equal(HttpStatusCode.OK, await lab.ManifestAsync($"{lab.Namespace}/app", fresh));
        await lab.Shell.ShellAsync($"docker pull {lab.Host}/{lab.Namespace}/app:1", Stop);
        await lab.RestartRegistryAsync((await lab.BundleAsync()).Replace(bundleBefore.Trim(), "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, await lab.ManifestAsync($"{lab.Namespace}/app", old));
        Assert.Equal(HttpStatusCode.OK, await lab.ManifestAsync($"{lab.Namespace}/app", fresh));
        await lab.Shell.ShellAsync($"docker pull {lab.Host}/{lab.Namespace}/app:1", Stop);
    }

    /// <summary>1 a token of a minute, 2 in its scope and outside, 3 its time and the registry's minute for clocks pass, 4 it is over.</summary>
    [Fact]
    public async Task A_token_works_in_its_scope_until_it_ends()
    {
        await using var lab = await RegistryLab.StartAsync(("Sam__Registry__TokenLifetime", "00:01:00"));
        await PushedAsync(lab);
        var began = TimeProvider.System.GetTimestamp();
        var token = await TokenAsync(lab, "anna", "pull");

        Assert.Equal(HttpStatusCode.OK, await lab.ManifestAsync($"{lab.Namespace}/app", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await lab.ManifestAsync($"{lab.Namespace}/secret", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await lab.ManifestAsync($"{lab.Namespace}/app", null));
        Assert.Contains("up to date", await lab.PullAsync($"{lab.Namespace}/app", token), StringComparison.Ordinal);
        Assert.Contains("denied", await lab.PullAsync($"{lab.Namespace}/secret", token), StringComparison.Ordinal);
        await OverAsync(async () => await lab.ManifestAsync($"{lab.Namespace}/app", token) == HttpStatusCode.Unauthorized);
        output.WriteLine($"over after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s");

        var again = await TokenAsync(lab, "anna", "pull");
        Assert.Equal(HttpStatusCode.OK, await lab.ManifestAsync($"{lab.Namespace}/app", again));
    }

    /// <summary>1 the page's Project, 2 its Secret as docker's only login, 3 in its scope and outside, 4 the entry goes: the login is over at once.</summary>
    [Fact]
    public async Task A_pull_Secret_works_in_its_scope_until_its_entry_goes()
    {
        await using var lab = await RegistryLab.StartAsync();
        await PushedAsync(lab);
        await lab.Shell.ShellAsync($"docker logout {lab.Host}", Stop);
        var project = Blocks(lab, "## Other tools", language: "yaml").Single();

        await lab.Shell.ShellAsync($"kubectl apply -f - <<'EOF'\n{project}\nEOF", Stop);
        var secret = $"kubectl -n {lab.Namespace} get secret pull";
        await Poll.UntilAsync(
            async () => (await lab.Shell.TryAsync(secret, Stop)).Code == 0,
            async () => await lab.Shell.ShellAsync($"kubectl -n {lab.Namespace} get sproj shop -o yaml", Stop),
            Stop
        );
        await lab.Shell.ShellAsync(
            $"{secret} -o jsonpath='{{.data.\\.dockerconfigjson}}' | base64 -d > {lab.DockerConfig}/config.json",
            Stop
        );
        var password = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(lab.DockerConfig, "config.json"), Stop))![
            "auths"
        ]![lab.Host]!["password"]!.GetValue<string>();

        await lab.Shell.ShellAsync(
            $"docker rmi {lab.Host}/{lab.Namespace}/app:1 && docker pull {lab.Host}/{lab.Namespace}/app:1",
            Stop
        );
        await RefusedAsync(lab, $"docker push {lab.Host}/{lab.Namespace}/app:1", "denied", "insufficient_scope");
        await RefusedAsync(lab, $"docker pull {lab.Host}/{lab.Namespace}/secret:1", "denied", "insufficient_scope");
        await lab.Shell.ShellAsync(
            $$"""kubectl -n {{lab.Namespace}} patch sproj shop --type merge -p '{"spec": {"tokenSecrets": []} }'""",
            Stop
        );
        await Poll.UntilAsync(
            async () => (await lab.Shell.TryAsync(secret, Stop)).Code != 0,
            () => Task.FromResult("the Secret of an entry that is gone stays"),
            Stop
        );
        await RefusedAsync(lab, $"docker pull {lab.Host}/{lab.Namespace}/app:1", "unauthorized", "denied", "401");
        Assert.DoesNotContain(lab.Operator.Output, line => line.Contains(password.Split('.')[2], StringComparison.Ordinal));
    }

    private static async Task PushedAsync(RegistryLab lab)
    {
        foreach (var block in Blocks(lab, "## People").Take(1))
            await lab.Shell.ShellAsync(block, Stop);
        await LoginAsync(lab, "anna");
        await lab.Shell.ShellAsync($"docker push {lab.Host}/{lab.Namespace}/app:1", Stop);
    }

    private static async Task<string> LoginAsync(RegistryLab lab, string account)
    {
        var token = await AccountTokenAsync(lab, account);
        await lab.Shell.ShellAsync(
            $"kubectl -n {lab.Namespace} create token {account} --audience sam-registry --duration 15m |"
                + $" docker login --username token --password-stdin {lab.Host}",
            Stop
        );
        return token;
    }

    private static async Task<string> AccountTokenAsync(RegistryLab lab, string account)
    {
        var quiet = await lab.Shell.ShellAsync(
            $"kubectl -n {lab.Namespace} create token {account} --audience sam-registry --duration 15m",
            Stop
        );
        lab.Shell.Printed.Clear(); // this one was asked to be printed
        return quiet.Trim();
    }

    private static async Task<string> TokenAsync(RegistryLab lab, string account, string actions)
    {
        using var http = new HttpClient { BaseAddress = lab.Endpoint };
        var password = await AccountTokenAsync(lab, account);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"token:{password}"))
        );
        var answer = await http.GetStringAsync(
            new Uri($"/token?service={lab.Host}&scope=repository:{lab.Namespace}/app:{actions}", UriKind.Relative),
            Stop
        );
        return JsonNode.Parse(answer)!["token"]!.GetValue<string>();
    }

    private static async Task<string> TokenOfAnotherKeyAsync(RegistryLab lab, string old)
    {
        var fresh = old;
        await Poll.UntilAsync(
            async () =>
            {
                fresh = await TokenAsync(lab, "anna", "pull");
                return fresh.Split('.')[0] != old.Split('.')[0];
            },
            () => Task.FromResult("the old key still signs"),
            Stop
        );
        return fresh;
    }

    private static async Task RefusedAsync(RegistryLab lab, string command, params string[] words)
    {
        var result = await lab.Shell.TryAsync(command, Stop);

        Assert.NotEqual(0, result.Code);
        Assert.True(words.Any(word => result.Output.Contains(word, StringComparison.Ordinal)), $"{command}\n{result.Output}");
    }

    private static async Task OverAsync(Func<Task<bool>> isOver)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isOver())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(10), "it never ends");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Stop);
        }
    }

    private static int Certificates(string bundle) => Certificate().Count(bundle);

    /// <summary>The shell blocks of a section of the page, with this lab's names in place of the page's.</summary>
    private static IEnumerable<string> Blocks(RegistryLab lab, string section, string until = "\n## ", string language = "sh")
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "registry.md"));
        var begin = page.IndexOf(section, StringComparison.Ordinal) + section.Length;
        var end = page.IndexOf(until, begin, StringComparison.Ordinal);
        return Block()
            .Matches(page[begin..end])
            .Where(match => match.Groups["language"].Value == language)
            .Select(match =>
                match
                    .Groups["shell"]
                    .Value.Replace("registry.example.com", lab.Host, StringComparison.Ordinal)
                    .Replace("sam-system", lab.System, StringComparison.Ordinal)
            )
            .Select(block => Team().Replace(block, lab.Namespace));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no Sam.sln above the tests");
        return folder.FullName;
    }

    [GeneratedRegex(
        @"^```(?<language>[a-z]+)\n(?<shell>.*?)^```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"\bteam\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Team();

    [GeneratedRegex("BEGIN CERTIFICATE", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Certificate();
}
