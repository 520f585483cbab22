using Sam.Compose.Rendering;

namespace Sam.EndToEnd.Tests.Caddy;

/// <summary>
/// The rendered document against the real caddy: it validates; it serves TLS, redirects and 404; a reload over the admin socket
/// takes it; after SIGKILL the last loaded one is back.
/// </summary>
public sealed class CaddyDocumentOnRealCaddyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CaddyTls.Internal, 0)]
    [InlineData(CaddyTls.Internal, 3)]
    [InlineData(CaddyTls.Acme, 0)]
    [InlineData(CaddyTls.Acme, 3)]
    public async Task Validates_every_shape_of_the_document(CaddyTls tls, int apps)
    {
        SkipWithoutCaddy();
        using var caddy = new CaddyProcess();
        var node = Node(caddy, apps) with
        {
            Tls = tls,
            Email = "ops@example.com",
            CaServer = "https://acme.example.com/directory",
        };
        var file = caddy.Write("node.json", CaddyDocument.Render(node));

        var (code, output) = await caddy.RunAsync("caddy", ["validate", "--config", file], Stop);

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Serves_redirects_refuses_and_comes_back_after_SIGKILL()
    {
        SkipWithoutCaddy();
        using var caddy = new CaddyProcess();
        await caddy.OpenAsync(Stop);
        var empty = caddy.Write("empty.json", CaddyDocument.Render(Node(caddy, apps: 0)));
        var document = CaddyDocument.Render(Node(caddy, apps: 1));
        await caddy.StartAsync(empty, Stop);

        var before = await GetAsync(caddy, "http://app0.example.com/");
        var reload = await ReloadAsync(caddy, caddy.Write("node.json", document));
        var redirect = await GetAsync(caddy, "http://app0.example.com/x?y=1");
        var unknown = await GetAsync(caddy, "http://other.example.com/");
        // The alias resolves nowhere in this namespace: the route is there, its upstream is not.
        var served = await GetAsync(caddy, "https://app0.example.com/");

        Assert.Equal("404", before);
        Assert.True(reload.Code == 0, reload.Output);
        Assert.Equal("308 https://app0.example.com/x?y=1", redirect);
        Assert.Equal("404", unknown);
        Assert.StartsWith("50", served, StringComparison.Ordinal);
        Assert.Equal(CaddyDocument.Hash(document), CaddyDocument.Hash(await File.ReadAllTextAsync(caddy.AutoSave, Stop)));
        Assert.Equal(CaddyDocument.Hash(document), CaddyDocument.Hash(await ReadBackAsync(caddy)));

        caddy.Kill();
        await caddy.StartAsync(empty, Stop);

        Assert.Equal(CaddyDocument.Hash(document), CaddyDocument.Hash(await ReadBackAsync(caddy)));
    }

    private static CaddyNode Node(CaddyProcess caddy, int apps) =>
        new()
        {
            AdminSocket = caddy.Socket,
            Routes =
            [
                .. Enumerable
                    .Range(0, apps)
                    .SelectMany(app =>
                        new[]
                        {
                            new CaddyRoute($"app{app}.example.com", "/", $"0000000{app}-web", 3000, $"a/app{app}"),
                            new CaddyRoute($"app{app}.example.com", "/api", $"0000000{app}-api", 3001, $"a/app{app}"),
                        }
                    ),
            ],
        };

    private static async Task<string> GetAsync(CaddyProcess caddy, string url)
    {
        var host = new Uri(url).Host;
        string[] trust = File.Exists(caddy.RootCertificate) ? ["--cacert", caddy.RootCertificate] : [];
        string[] resolve = ["--resolve", $"{host}:80:127.0.0.1", "--resolve", $"{host}:443:127.0.0.1"];
        string[] command =
        [
            "curl",
            "-s",
            "-m",
            "20",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code} %{redirect_url}",
            .. trust,
            .. resolve,
            url,
        ];
        return (await caddy.InsideAsync(command, Stop)).Output.Trim();
    }

    // As the operator does it by an exec in Caddy's own container.
    private static Task<(int Code, string Output)> ReloadAsync(CaddyProcess caddy, string file) =>
        caddy.InsideAsync(["caddy", "reload", "--config", file, "--address", $"unix/{caddy.Socket}"], Stop);

    private static async Task<string> ReadBackAsync(CaddyProcess caddy)
    {
        var (code, output) = await caddy.RunAsync(
            "curl",
            ["-s", "-f", "--unix-socket", caddy.Socket, "http://caddy/config/"],
            Stop
        );
        Assert.Equal(0, code);
        return output;
    }

    private static void SkipWithoutCaddy()
    {
        if (CaddyProcess.Missing() is not { } reason)
            return;
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"In CI this must run: {reason}");
        Assert.Skip(reason);
    }
}
