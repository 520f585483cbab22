using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>What every call goes through: faults, token, rate limit, body, the endpoint, and the way back.</summary>
internal sealed class HetznerPipeline(HetznerSimulatorOptions options, HetznerFaults faults)
{
    private readonly ConcurrentDictionary<string, SimulatedToken> _tokens = new(
        options.Tokens.Select(token => KeyValuePair.Create(token.Token, token))
    );
    private readonly ConcurrentDictionary<string, HetznerProject> _projects = new();

    public IEnumerable<HetznerProject> Projects => _projects.Values;

    public HetznerProject Project(string name) => _projects.GetOrAdd(name, key => new HetznerProject(key, options));

    public void Know(SimulatedToken token) => _tokens[token.Token] = token;

    public void Forget(string token) => _tokens.TryRemove(token, out _);

    public async Task RunAsync(HttpContext context, string route, bool readsBody, Func<HetznerCall, Task<Answer>> endpoint)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!["/v1".Length..]);
        HetznerFault? Struck(string name) => faults.Take(name, fault => fault.FitsCall(method, path));
        if (Struck(HetznerFaults.Slow) is { } slow)
        {
            await Task.Delay(slow.Delay ?? TimeSpan.FromSeconds(60), options.TimeProvider, context.RequestAborted);
        }
        if (Struck(HetznerFaults.Aborted) is not null)
        {
            context.Abort();
            return;
        }
        if (Struck(HetznerFaults.HtmlPage) is not null)
        {
            context.Response.StatusCode = 502;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html><body><h1>502 Bad Gateway</h1></body></html>", context.RequestAborted);
            return;
        }
        var project = Authenticated(context, Struck, out var answer);
        answer ??= Limited(context, project!, Struck);
        answer ??= Struck(HetznerFaults.ServerError) is { } broken
            ? Answer.Error(broken.Status ?? 500, broken.Status == 503 ? "unavailable" : "server_error", "internal error")
            : null;
        if (answer is null)
        {
            var call = new HetznerCall(context, project!, faults);
            answer = readsBody ? await call.ReadBodyAsync() : null;
            answer ??=
                method != "GET"
                && path.StartsWith("/servers/", StringComparison.Ordinal)
                && Struck(HetznerFaults.Locked) is not null
                    ? Answer.Error(423, "locked", "server is locked")
                    : null;
            answer ??= await EndpointAsync(call, endpoint);
        }
        project?.Count($"{method} {route} {answer.Status}");
        await WriteAsync(context, answer, Struck);
    }

    private static async Task<Answer> EndpointAsync(HetznerCall call, Func<HetznerCall, Task<Answer>> endpoint)
    {
        lock (call.Project.Lock)
        {
            call.Project.Settle();
        }
        return await endpoint(call);
    }

    private HetznerProject? Authenticated(HttpContext context, Func<string, HetznerFault?> struck, out Answer? refusal)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var known = header.StartsWith("Bearer ", StringComparison.Ordinal)
            ? _tokens.GetValueOrDefault(header["Bearer ".Length..])
            : null;
        refusal = known switch
        {
            null => Answer.Error(401, "unauthorized", "unable to authenticate"),
            _ when struck(HetznerFaults.Unauthorized) is not null => Answer.Error(401, "unauthorized", "unable to authenticate"),
            { ReadOnly: true } when context.Request.Method != "GET" => Answer.Error(
                401,
                "token_readonly",
                "the token is only allowed to perform GET requests"
            ),
            _ => null,
        };
        return known is null ? null : Project(known.Project);
    }

    private static Answer? Limited(HttpContext context, HetznerProject project, Func<string, HetznerFault?> struck)
    {
        var bare = struck(HetznerFaults.RateLimitedBare) is not null;
        var allowed = project.Spend(out var remaining, out var reset) && !bare;
        if (struck(HetznerFaults.RateLimited) is not null)
        {
            (allowed, remaining) = (false, 0);
        }
        if (!bare)
        {
            var headers = context.Response.Headers;
            headers["RateLimit-Limit"] = project.RateLimit.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
        return allowed ? null : Answer.Error(429, "rate_limit_exceeded", "limit of requests per hour reached");
    }

    internal static async Task WriteAsync(HttpContext context, Answer answer, Func<string, HetznerFault?> struck)
    {
        if (struck(HetznerFaults.LostAnswer) is not null)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        if (answer.Paging is { } paging)
        {
            context.Response.Headers.Link = Link(context.Request, paging);
        }
        if (answer.Body is null)
        {
            return;
        }
        context.Response.ContentType = "application/json";
        var wrong = struck(HetznerFaults.WrongShape) is not null;
        var text = (wrong ? new JsonObject { ["servers"] = "none", ["surprise"] = true } : answer.Body).ToJsonString();
        if (struck(HetznerFaults.HalfBody) is not null)
        {
            context.Response.ContentLength = text.Length;
            await context.Response.WriteAsync(text[..(text.Length / 2)], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static string Link(HttpRequest request, Paging paging)
    {
        string To(int page, string rel)
        {
            var query = request.Query.Where(pair => pair.Key is not ("page" or "per_page"));
            var kept = string.Concat(query.SelectMany(q => q.Value.Select(v => $"{q.Key}={Uri.EscapeDataString(v ?? "")}&")));
            return $"<http://{request.Host}{request.Path}?{kept}page={page}&per_page={paging.PerPage}>; rel=\"{rel}\"";
        }
        List<string> links = [];
        if (paging.Previous is { } previous)
        {
            links.Add(To(previous, "prev"));
        }
        if (paging.Next is { } next)
        {
            links.Add(To(next, "next"));
        }
        links.Add(To(paging.Last, "last"));
        return string.Join(", ", links);
    }
}
