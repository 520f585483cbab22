using System.Diagnostics;
using System.Text.Json.Nodes;
using Sam.Simulators.GitHub;

namespace Sam.Integration.Tests.GitHub;

/// <summary>GitHub's own client library against the simulator: an independent client that expects the real thing.</summary>
public sealed class OfficialClientTests
{
    private const string Package = "octokit@5.0.5";

    // Standard input carries the key: neither arguments nor environment show it.
    private const string Script = """
        import { readFileSync } from 'node:fs';
        import { App, Octokit, RequestError } from 'octokit';
        const { baseUrl, appId, privateKey, secret, payload, signature } = JSON.parse(readFileSync(0, 'utf8'));
        const app = new App({ appId, privateKey, webhooks: { secret }, Octokit: Octokit.defaults({ baseUrl, throttle: { enabled: false }, retry: { enabled: false } }) });
        const out = {};
        out.slug = (await app.octokit.request('GET /app')).data.slug;
        const seen = [];
        for await (const { repository } of app.eachRepository.iterator()) seen.push(repository.full_name);
        out.repositories = seen;
        const found = (await app.octokit.rest.apps.getRepoInstallation({ owner: 'acme', repo: 'inside' })).data;
        const token = await app.octokit.auth({ type: 'installation', installationId: found.id, repositoryIds: [(await one(found.id)).id], permissions: { contents: 'write', pull_requests: 'write' } });
        out.permissions = token.permissions;
        out.repositoryIds = token.repositoryIds;
        const kit = new Octokit({ auth: token.token, baseUrl: baseUrl, throttle: { enabled: false }, retry: { enabled: false } });
        const at = { owner: 'acme', repo: 'inside' };
        out.files = (await kit.rest.git.getTree({ ...at, tree_sha: 'main', recursive: 'true' })).data.tree.map(entry => entry.path);
        const head = (await kit.rest.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha;
        await kit.rest.git.createRef({ ...at, ref: 'refs/heads/sam/one', sha: head });
        await kit.rest.repos.createOrUpdateFileContents({ ...at, path: 'docs/a.md', message: 'Add', content: Buffer.from('hello').toString('base64'), branch: 'sam/one' });
        const pull = (await kit.rest.pulls.create({ ...at, title: 'One', head: 'sam/one', base: 'main' })).data;
        out.pull = [pull.number, pull.head.ref, pull.commits];
        out.branches = (await kit.paginate(kit.rest.repos.listBranches, { ...at, per_page: 1 })).map(branch => branch.name);
        out.refused = [await status(() => kit.rest.issues.create({ ...at, title: 'x' })), await status(() => kit.rest.repos.get({ owner: 'acme', repo: 'outside' }))];
        await kit.rest.apps.revokeInstallationAccessToken();
        out.revoked = await status(() => kit.rest.repos.get(at));
        out.signed = [await app.webhooks.verify(payload, signature), await app.webhooks.verify(payload + ' ', signature)];
        console.log(JSON.stringify(out));

        async function one(installation) { const k = await app.getInstallationOctokit(installation); return (await k.request('GET /repos/acme/inside')).data; }
        async function status(call) { try { return (await call()).status; } catch (fault) { if (fault instanceof RequestError) return fault.status; throw fault; } }
        """;

    [Fact]
    public async Task Official_client_works_against_the_simulator()
    {
        // The client signs by its own clock.
        await using var simulator = await GitHubSimulator.StartAsync(cancellationToken: SocketBench.Cancellation);
        var app = simulator.Apps.Add(
            "sam",
            new SimulatedAppOptions { WebhookUrl = new Uri("http://127.0.0.1:9/"), WebhookSecret = "secret" }
        );
        var inside = simulator.Repositories.Add("acme", "inside");
        simulator.Repositories.Add("acme", "outside");
        simulator.Install(app, inside);
        var payload = simulator.Webhooks.Deliveries[0].Payload;
        var input = new JsonObject
        {
            ["baseUrl"] = simulator.Endpoint.AbsoluteUri.TrimEnd('/'),
            ["appId"] = app.Id,
            ["privateKey"] = app.PrivateKeyPem,
            ["secret"] = "secret",
            ["payload"] = payload,
            ["signature"] = GitHubWebhooks.Sign("secret", System.Text.Encoding.UTF8.GetBytes(payload)),
        };

        var said = await RunScriptAsync(input.ToJsonString());

        Assert.Equal("sam", $"{said["slug"]}");
        Assert.Equal("""["acme/inside"]""", said["repositories"]!.ToJsonString());
        Assert.Equal("write", $"{said["permissions"]!["contents"]}");
        Assert.Equal($"[{inside.Id}]", said["repositoryIds"]!.ToJsonString());
        Assert.Equal("""["README.md"]""", said["files"]!.ToJsonString());
        Assert.Equal("""[1,"sam/one",1]""", said["pull"]!.ToJsonString());
        Assert.Equal("""["main","sam/one"]""", said["branches"]!.ToJsonString());
        Assert.Equal("[403,404]", said["refused"]!.ToJsonString());
        Assert.Equal("401", said["revoked"]!.ToJsonString());
        Assert.Equal("[true,false]", said["signed"]!.ToJsonString());
        Assert.Contains(simulator.Mints, mint => mint.IsExplicit && mint.RevokedBy == "revoked");
    }

    private static async Task<JsonNode> RunScriptAsync(string input)
    {
        var folder = Directory.CreateTempSubdirectory("sam-octokit-");
        try
        {
            var (_, problem) = await RunAsync(folder, "npm", ["install", "--silent", "--no-audit", "--no-fund", Package], "");
            // CI must have node and npm; elsewhere a machine without them skips with the reason.
            Assert.SkipWhen(
                problem is not null && Environment.GetEnvironmentVariable("CI") != "true",
                $"GitHub's client cannot be had: {problem}"
            );
            Assert.True(problem is null, problem);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "run.mjs"), Script, SocketBench.Cancellation);
            var (output, fault) = await RunAsync(folder, "node", ["run.mjs"], input);
            Assert.True(fault is null, fault);
            return JsonNode.Parse(output)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(string Output, string? Fault)> RunAsync(
        DirectoryInfo folder,
        string program,
        string[] arguments,
        string input
    )
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder.FullName,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(SocketBench.Cancellation);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync(SocketBench.Cancellation);
            await process.WaitForExitAsync(SocketBench.Cancellation);
            return (output, process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {await errors}");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return ("", $"{program}: {exception.Message}");
        }
    }
}
