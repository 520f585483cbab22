namespace Sam.Simulators.GitHub;

/// <summary>What every call goes through: faults, who calls, limits, the endpoint, and the way back.</summary>
internal sealed class GitHubApi
{
    private readonly GitHubWorld _world;
    private readonly Identity _identity;
    private readonly RateLimits _limits;
    private readonly RouteTable _routes;

    public GitHubApi(GitHubWorld world, GitHubFaults faults)
    {
        (_world, Faults) = (world, faults);
        (_identity, _limits) = (new Identity(world), new RateLimits(world));
        _routes = new RouteTable(_limits);
    }

    public GitHubFaults Faults { get; }

    public GitHubReply Answer(GitHubRequest request)
    {
        lock (_world.Lock)
        {
            var (route, values) = _routes.Find(request.Method, request.Address.AbsolutePath);
            var offset = Faults
                .Take(GitHubFaults.ClockSkew, fault => fault.Fits(request.Method, request.Path, null, null))
                ?.Delay;
            var (caller, refusal) = _identity.Of(request, offset ?? TimeSpan.Zero);
            var exchange = new Exchange(Faults, request, caller, values);
            var answer =
                Outages.Before(exchange)
                ?? refusal
                ?? Gate(exchange, request, caller)
                ?? (route is null ? GitHub.Answer.NotFound() : Serve(exchange, request, route, caller, values));
            var reply = Outages.After(exchange, answer, request);
            Describe(reply, caller, offset, spent: exchange.IsCounted && reply.Status != 304);
            Record(exchange, request, route, reply, caller, values);
            return reply;
        }
    }

    private Answer? Gate(Exchange exchange, GitHubRequest request, Caller caller)
    {
        if (request.Header("User-Agent") is null or "")
        {
            return GitHub.Answer.Error(
                403,
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
            );
        }
        if (request.Header("X-GitHub-Api-Version") is { } version && version is not ("2022-11-28" or "2026-03-10"))
        {
            return GitHub.Answer.Error(400, $"\"{version}\" is not a supported version");
        }
        return _identity.Refusal(exchange, caller) ?? Limited(exchange, request, caller);
    }

    private Answer? Limited(Exchange exchange, GitHubRequest request, Caller caller)
    {
        var hour = _limits.Of(caller);
        if (Outages.Limits(exchange, hour) is { } played)
        {
            return played;
        }
        if (request.Path == "/rate_limit")
        {
            return null; // asking costs nothing
        }
        if (hour.Remaining == 0)
        {
            return GitHub.Answer.Error(403, $"API rate limit exceeded for {caller.LimitKey}.");
        }
        if (_limits.SpendPoints(caller, request.Method) is { } stayAway)
        {
            return Outages.Secondary(403, stayAway);
        }
        exchange.IsCounted = true;
        return null;
    }

    private Answer Serve(Exchange exchange, GitHubRequest request, Route route, Caller caller, Dictionary<string, string> values)
    {
        if (Doors.Refusal(route, caller) is { } closed)
        {
            return closed;
        }
        var call = new GitHubCall(_world, request, route, caller, exchange.Strike) { Values = values };
        return (route.Permission is null ? null : Doors.Enter(call)) ?? call.ReadBody() ?? route.Endpoint(call);
    }

    private void Describe(GitHubReply reply, Caller caller, TimeSpan? offset, bool spent)
    {
        var hour = _limits.Of(caller);
        if (spent)
        {
            hour.Used++;
        }
        reply.Headers.TryAdd("Date", (_world.Now + (offset ?? TimeSpan.Zero)).ToString("r"));
        reply.Headers.TryAdd("X-GitHub-Request-Id", $"{_world.Calls.Count + 1:X4}:SIM");
        reply.Headers.TryAdd("X-GitHub-Media-Type", "github.v3; format=json");
        reply.Headers.TryAdd("x-ratelimit-limit", $"{hour.Limit}");
        reply.Headers.TryAdd("x-ratelimit-remaining", $"{hour.Remaining}");
        reply.Headers.TryAdd("x-ratelimit-used", $"{hour.Used}");
        reply.Headers.TryAdd("x-ratelimit-reset", $"{hour.Reset.ToUnixTimeSeconds()}");
        reply.Headers.TryAdd("x-ratelimit-resource", "core");
    }

    private void Record(
        Exchange exchange,
        GitHubRequest request,
        Route? route,
        GitHubReply reply,
        Caller caller,
        Dictionary<string, string> values
    ) =>
        _world.Calls.Add(
            new SimulatedCall(
                _world.Now,
                request.Method,
                request.Address.PathAndQuery,
                route?.Pattern ?? "unknown",
                reply.Status,
                caller.AppBehind?.Id,
                Exchange.InstallationOf(caller, values)
            )
            {
                Fault = exchange.Struck,
            }
        );
}
