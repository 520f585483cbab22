using System.Collections.Concurrent;

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
        if (await TransportFaults.StrikeAsync(context, options.TimeProvider, Struck))
            return;
        var project = Authenticated(context, Struck, out var answer);
        answer ??= RateHeaders.Limited(context, project!, Struck);
        answer ??= Broken(method, Struck);
        if (answer is null)
        {
            var call = new HetznerCall(context, project!, faults);
            answer = readsBody ? await call.ReadBodyAsync() : null;
            answer ??= await ServeAsync(call, method, path, endpoint, Struck);
            answer = AnswerFaults.Bend(answer, method, project!.Now, Struck);
        }
        project?.Count($"{method} {route} {answer.Status}");
        await WriteAsync(context, answer, Struck);
    }

    private static async Task<Answer> ServeAsync(
        HetznerCall call,
        string method,
        string path,
        Func<HetznerCall, Task<Answer>> endpoint,
        Func<string, HetznerFault?> struck
    )
    {
        lock (call.Project.Lock)
        {
            call.Project.Settle();
            WorldEvents.Strike(call, method, path);
        }
        var isWrite = method != "GET";
        if (isWrite && path.StartsWith("/servers/", StringComparison.Ordinal) && struck(HetznerFaults.Locked) is not null)
            return Answer.Error(423, "locked", "server is locked");
        var answer = await endpoint(call);
        if (isWrite && struck(HetznerFaults.AnsweredTwice) is not null)
            answer = await endpoint(call);
        return isWrite && struck(HetznerFaults.ErrorButDone) is not null
            ? Answer.Error(500, "server_error", "internal error")
            : answer;
    }

    private static Answer? Broken(string method, Func<string, HetznerFault?> struck)
    {
        if (struck(HetznerFaults.ServerError) is { } broken)
            return Answer.Error(broken.Status ?? 500, broken.Status == 503 ? "unavailable" : "server_error", "internal error");
        if (struck(HetznerFaults.Maintenance) is not null)
            return Answer.Error(503, "maintenance", "cannot perform the operation due to maintenance");
        return method != "GET" && struck(HetznerFaults.Conflict) is not null
            ? Answer.Error(409, "conflict", "the resource has changed during the request, please retry")
            : null;
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
            _ when struck(HetznerFaults.Forbidden) is not null => Answer.Error(403, "forbidden", "insufficient permissions"),
            { ReadOnly: var reads }
                when context.Request.Method != "GET" && (reads || struck(HetznerFaults.ReadOnlyToken) is not null) =>
                Answer.Error(401, "token_readonly", "the token is only allowed to perform GET requests"),
            _ => null,
        };
        return known is null ? null : Project(known.Project);
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
        context.Response.ContentType = struck(HetznerFaults.WrongContentType) is null
            ? "application/json"
            : "text/plain; charset=utf-8";
        var text = AnswerFaults.Text(answer.Body.AsObject(), struck);
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
