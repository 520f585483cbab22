namespace Sam.Simulators.Hetzner;

/// <summary>The table of what is served under `/v1`.</summary>
internal static class HetznerRoutes
{
    // These kinds cannot be made yet: their lists are empty, their members unknown.
    private static readonly string[] s_empty =
    [
        "volumes",
        "firewalls",
        "networks",
        "placement_groups",
        "primary_ips",
        "floating_ips",
    ];

    public static IReadOnlyList<HetznerRoute> Of(HetznerPipeline pipeline, ServersApi servers, CatalogueApi catalogue)
    {
        var routes = new List<HetznerRoute>();
        void Async(string method, string route, bool body, Func<HetznerCall, Task<Answer>> endpoint) =>
            routes.Add(new HetznerRoute(method, "/v1" + route, context => pipeline.RunAsync(context, route, body, endpoint)));

        void Sync(string method, string route, Func<HetznerCall, Answer> endpoint, bool body = false) =>
            Async(
                method,
                route,
                body,
                call =>
                {
                    lock (call.Project.Lock)
                    {
                        return Task.FromResult(endpoint(call));
                    }
                }
            );

        void Power(string verb, string command, string final, Func<IServerBackend, long, Task> work) =>
            Sync("POST", $"/servers/{{id}}/actions/{verb}", call => servers.Power(call, command, final, work));

        Sync("GET", "/servers", servers.List);
        Async("POST", "/servers", true, servers.CreateAsync);
        Sync("GET", "/servers/{id}", servers.Get);
        Sync("PUT", "/servers/{id}", servers.Update, body: true);
        Sync("DELETE", "/servers/{id}", servers.Delete);
        Sync("GET", "/servers/{id}/actions", servers.ActionsOf);
        Power("poweroff", "stop_server", "off", (backend, id) => backend.PowerOffAsync(id, CancellationToken.None));
        Power("shutdown", "shutdown_server", "off", (backend, id) => backend.PowerOffAsync(id, CancellationToken.None));
        Power("poweron", "start_server", "running", (backend, id) => backend.PowerOnAsync(id, CancellationToken.None));
        Power("reset", "reset_server", "running", (backend, id) => backend.ResetAsync(id, CancellationToken.None));
        Power("reboot", "reboot_server", "running", (backend, id) => backend.ResetAsync(id, CancellationToken.None));
        Sync("GET", "/actions", servers.Actions);
        Sync("GET", "/actions/{id}", servers.Action);
        Sync("GET", "/servers/actions/{id}", servers.Action);
        Sync("GET", "/server_types", CatalogueApi.Types);
        Sync("GET", "/server_types/{id}", CatalogueApi.Type);
        Sync("GET", "/locations", CatalogueApi.Locations);
        Sync("GET", "/locations/{id}", CatalogueApi.Location);
        Sync("GET", "/datacenters", CatalogueApi.Datacenters);
        Sync("GET", "/datacenters/{id}", CatalogueApi.Datacenter);
        Sync("GET", "/images", CatalogueApi.Images);
        Sync("GET", "/images/{id}", CatalogueApi.Image);
        Sync("GET", "/pricing", CatalogueApi.Pricing);
        Sync("GET", "/ssh_keys", CatalogueApi.Keys);
        Sync("POST", "/ssh_keys", catalogue.CreateKey, body: true);
        Sync("GET", "/ssh_keys/{id}", CatalogueApi.Key);
        Sync("DELETE", "/ssh_keys/{id}", CatalogueApi.DeleteKey);
        foreach (var kind in s_empty)
        {
            Sync("GET", $"/{kind}", call => call.Page<SimServer>(kind, [], _ => []));
            Sync("GET", $"/{kind}/{{id}}", _ => Answer.NotFound(kind));
        }

        return routes;
    }
}

/// <summary>One thing that is served.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Template">Path, with `{id}` where an id stands.</param>
/// <param name="Serve">Serves it.</param>
internal sealed record HetznerRoute(string Method, string Template, RequestDelegate Serve)
{
    private readonly string[] _segments = Template.Split('/');

    /// <summary>Whether a path is this one's; its id is in the route values then.</summary>
    public bool TryMatch(string path, RouteValueDictionary values)
    {
        var segments = path.Split('/');
        if (segments.Length != _segments.Length)
            return false;
        foreach (var (own, given) in _segments.Zip(segments))
        {
            if (own == "{id}")
                values["id"] = given;
            else if (own != given)
                return false;
        }

        return true;
    }
}
