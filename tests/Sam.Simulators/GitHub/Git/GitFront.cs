using System.Text;

namespace Sam.Simulators.GitHub.Git;

/// <summary>Serves clones and pushes: decides as GitHub does, then lets `git http-backend` speak.</summary>
internal sealed class GitFront(GitHubWorld world, GitHubFaults faults)
{
    private static readonly string[] s_services = ["/info/refs", "/git-upload-pack", "/git-receive-pack"];
    private readonly Identity _identity = new(world);

    /// <summary>Whether a path is git's: `/OWNER/NAME[.git]/info/refs` and the two packs.</summary>
    public static bool IsGit(string path) =>
        s_services.Any(service => path.EndsWith(service, StringComparison.Ordinal))
        && path.Count(letter => letter == '/') is 3 or 4;

    public async Task RunAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!;
        var service = s_services.First(ending => path.EndsWith(ending, StringComparison.Ordinal));
        var names = path[..^service.Length].Trim('/').Split('/');
        var writes = service == "/git-receive-pack" || request.Query["service"] == "git-receive-pack";
        var (status, repository, caller) = Enter(request, names[0], names[^1], writes);
        Record(request, $"git {(writes ? "push" : "fetch")}", status, caller);
        if (repository is null)
        {
            await RefuseAsync(context, status);
            return;
        }
        var before = service == "/git-receive-pack" ? repository.Refs() : null;
        var workflows = caller!.May(repository, "workflows", Level.Write);
        var cut = Struck(GitHubFaults.GitCut, request);
        await HttpBackend.RunAsync(context, repository.GitFolder!, service, workflows, cut);
        if (before is not null)
        {
            world.Pushed(repository, before);
        }
    }

    private (int Status, SimulatedRepository? Repository, Caller? Caller) Enter(
        HttpRequest request,
        string owner,
        string name,
        bool writes
    )
    {
        if (Struck(GitHubFaults.GitRefused, request))
        {
            return (503, null, null);
        }
        lock (world.Lock)
        {
            var header = request.Headers.Authorization.ToString();
            var caller =
                header.Length == 0 ? new Caller.Anonymous()
                : Identity.Shown(header) is { } shown ? _identity.Holder(shown)
                : null;
            name = name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name;
            var repository = world.FindRepository(owner, name) ?? world.FindFormer(owner, name);
            if (caller is null or Caller.OfToken { Installation.SuspendedAt: not null })
            {
                return (401, null, caller);
            }
            if (repository?.GitFolder is null || !caller.Sees(repository))
            {
                // GitHub asks strangers for a name first: it does not say what exists.
                return (caller is Caller.Anonymous ? 401 : 404, null, caller);
            }
            if (!caller.May(repository, "contents", writes ? Level.Write : Level.Read) || (writes && repository.Archived))
            {
                return (caller is Caller.Anonymous ? 401 : 403, null, caller);
            }
            return (200, repository, caller);
        }
    }

    private void Record(HttpRequest request, string route, int status, Caller? caller)
    {
        var installation = (caller as Caller.OfToken)?.Installation;
        lock (world.Lock)
        {
            var call = new SimulatedCall(
                world.Now,
                request.Method,
                request.Path,
                route,
                status,
                installation?.App.Id,
                installation?.Id
            );
            world.Calls.Add(call);
        }
    }

    private bool Struck(string name, HttpRequest request) =>
        faults.Take(name, fault => fault.Fits(request.Method, request.Path.Value!, null, null)) is not null;

    private static async Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
        }
        context.Response.ContentType = "text/plain";
        var text = status switch
        {
            401 => "Invalid username or token.",
            403 => "Write access to repository not granted.",
            404 => "Repository not found.",
            _ => "Service unavailable.",
        };
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(text);
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
