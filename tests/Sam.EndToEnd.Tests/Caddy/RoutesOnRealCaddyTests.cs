using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;
using Sam.Compose.Model;
using Sam.Compose.Rendering;
using Sam.EndToEnd.Tests.Docker;
using Sam.Operator.Controllers.ComposeApps.Logins;
using Sam.Testing;

namespace Sam.EndToEnd.Tests.Caddy;

/// <summary>What routes can do, asked of the real Caddy with a service behind it.</summary>
public sealed class RoutesOnRealCaddyTests : IAsyncLifetime
{
    private const string Upstream = "0a1b2c3d-web";
    private const int Port = 3000;

    private readonly CaddyProcess _caddy = new();
    private EchoService? _service;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (CaddyProcess.Missing() is { } reason)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"In CI this must run: {reason}");
            Assert.Skip(reason);
        }

        await _caddy.OpenAsync(Stop, Upstream, "shop.test");
        _service = await EchoService.StartAsync(_caddy.Namespace, Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        _caddy.Dispose();
    }

    [Fact]
    public async Task A_prefix_goes_headers_change_and_a_brace_is_a_brace()
    {
        await ServeAsync(
            Route("/api") with
            {
                StripPrefix = true,
                RequestHeaders = new HeaderChanges
                {
                    Set = [new HeaderValue("Host", "inner.test"), new HeaderValue("X-Team", "shop")],
                    Remove = ["Cookie"],
                },
                ResponseHeaders = new HeaderChanges
                {
                    Set = [new HeaderValue("X-Kind", """{"env":"{env.HOME}"}""")],
                    Add = [new HeaderValue("Vary", "Origin")],
                    Remove = ["X-Powered-By"],
                },
            }
        );

        var answer = await GetAsync("/api/v1/items?n=2", "-H", "Cookie: a=b", "-H", "X-Forwarded-Prefix: /wrong");
        var bare = await GetAsync("/api");

        Assert.StartsWith("GET /v1/items?n=2\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("Host: inner.test\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Host: shop.test\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("X-Team: shop\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Prefix: /api\n", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Cookie", answer.Body, StringComparison.Ordinal);
        Assert.Contains("""x-kind: {"env":"{env.HOME}"}""", answer.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("vary: Origin", answer.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-powered-by", answer.Headers, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("GET /\n", bare.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, 308, "https://shop.test/old/a?b=1")]
    [InlineData("www.shop.test", null, 301, "https://www.shop.test/old/a?b=1")]
    [InlineData("www.shop.test", "/new", 307, "https://www.shop.test/new")]
    public async Task A_redirect_leads_where_it_says(string? host, string? path, int code, string location)
    {
        var redirect = new RouteRedirect(host, path, code);
        await ServeAsync(Route("/old") with { Upstream = "", Port = 0, Redirect = redirect }, Route("/"));

        var answer = await GetAsync("/old/a?b=1");

        Assert.Equal(code, answer.Code);
        Assert.Contains($"location: {location}", answer.Headers, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_login_opens_its_place_and_no_spelling_of_the_path_goes_round_it()
    {
        await ServeAsync(Route("/admin") with { Accounts = Login("ann", "correct horse") }, Route("/"));

        var codes = new Dictionary<string, int>();
        foreach (
            var path in (string[])
                ["/admin", "/admin/x", "/ADMIN", "//admin", "/%61dmin", "/x/../admin", "/admin/../admin", "/./admin"]
        )
            codes[path] = (await GetAsync(path, "--path-as-is")).Code;
        var wrong = await GetAsync("/admin", "-u", "ann:wrong horse");
        var right = await GetAsync("/admin", "-u", "ann:correct horse");
        var beside = await GetAsync("/administrator");

        Assert.All(codes, code => Assert.Equal(401, code.Value));
        Assert.Equal((401, 200, 200), (wrong.Code, right.Code, beside.Code));
        Assert.Contains("www-authenticate: Basic", (await GetAsync("/admin")).Headers, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_place_whose_login_is_not_set_up_is_closed_although_a_shorter_one_is_open()
    {
        await ServeAsync(Route("/admin") with { Accounts = [] }, Route("/"));

        Assert.Equal((503, 200), ((await GetAsync("/admin/x", "-u", "a:b")).Code, (await GetAsync("/")).Code));
    }

    [Theory]
    [InlineData("zstd, gzip", "content-encoding: zstd")]
    [InlineData("gzip", "content-encoding: gzip")]
    public async Task An_answer_is_compressed_as_the_client_likes_it(string accepted, string encoding)
    {
        await ServeAsync(Route("/"));

        var answer = await GetAsync("/", "-H", $"Accept-Encoding: {accepted}");

        Assert.Contains(encoding, answer.Headers, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_stream_of_events_is_not_held_back_by_a_compressor()
    {
        await ServeAsync(Route("/"));

        var answer = await GetAsync("/", "-H", "Accept: text/event-stream", "-H", "Accept-Encoding: gzip");

        Assert.DoesNotContain("content-encoding", answer.Headers, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task HTTP_2_and_WebSocket_go_through()
    {
        await ServeAsync(Route("/"));

        var answer = await GetAsync("/", "--http2");
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(Handler());
        await socket.ConnectAsync(new Uri("wss://shop.test/live"), invoker, Stop);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Stop);
        var buffer = new byte[64];
        var echoed = await socket.ReceiveAsync(buffer.AsMemory(), Stop);

        Assert.StartsWith("HTTP/2 200", answer.Headers, StringComparison.Ordinal);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, echoed.Count));
    }

    private static CaddyRoute Route(string path) => new("shop.test", path, Upstream, Port, "a/shop");

    private static System.Collections.Immutable.ImmutableArray<CaddyAccount> Login(string user, string password)
    {
        var secret = new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = "login",
                Uid = "u",
                ResourceVersion = "1",
            },
            Data = new Dictionary<string, byte[]>
            {
                ["username"] = Encoding.UTF8.GetBytes(user),
                ["password"] = Encoding.UTF8.GetBytes(password),
            },
        };
        return LoginSecret.Read(secret).Accounts;
    }

    private async Task ServeAsync(params CaddyRoute[] routes)
    {
        var node = new CaddyNode
        {
            Tls = CaddyTls.Internal,
            AdminSocket = _caddy.Socket,
            Routes = [.. routes],
        };
        await _caddy.StartAsync(_caddy.Write("node.json", CaddyDocument.Render(node)), Stop);
        // The certificate is made in the background.
        await Poll.UntilAsync(
            async () => (await GetAsync("/")).Code != 0,
            () => Task.FromResult("caddy does not answer over TLS"),
            Stop
        );
    }

    private async Task<(int Code, string Headers, string Body)> GetAsync(string path, params string[] more)
    {
        var headers = _caddy.Data("headers.txt");
        var body = _caddy.Data("body.txt");
        File.Delete(headers);
        File.Delete(body);
        string[] command =
        [
            "curl",
            "-s",
            "-m",
            "20",
            "-D",
            headers,
            "-o",
            body,
            "-w",
            "%{http_code}",
            "--cacert",
            _caddy.RootCertificate,
        ];
        var (_, output) = await _caddy.InsideAsync([.. command, .. more, $"https://shop.test{path}"], Stop);
        return (int.Parse(output.Trim()), Read(headers), Read(body));

        static string Read(string file) => File.Exists(file) ? File.ReadAllText(file) : "";
    }

    private SocketsHttpHandler Handler()
    {
        var dialer = new NetworkNamespaceDialer(_caddy.Namespace);
        var root = X509CertificateLoader.LoadCertificateFromFile(_caddy.RootCertificate);
        return new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) => await dialer.DialAsync(new IPEndPoint(IPAddress.Loopback, 443), token),
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { root },
                },
            },
        };
    }
}
