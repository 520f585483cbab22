namespace Sam.Simulators.Hetzner;

/// <summary>The table of what is served under `/v1`.</summary>
internal static class HetznerRoutes
{
    // These kinds cannot be made: their lists are empty, their members unknown.
    private static readonly string[] s_empty = ["placement_groups", "floating_ips"];

    public static IReadOnlyList<HetznerRoute> Of(HetznerPipeline pipeline, HetznerSimulatorOptions options, Func<long> nextId)
    {
        var routes = new List<HetznerRoute>();
        var (servers, catalogue) = (new ServersApi(options, nextId), new CatalogueApi(nextId));
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
        Sync("PUT", "/ssh_keys/{id}", CatalogueApi.UpdateKey, body: true);
        Sync("DELETE", "/ssh_keys/{id}", CatalogueApi.DeleteKey);
        Sync("POST", "/servers/{id}/actions/change_protection", servers.Protect, body: true);
        AddVolumes();
        AddFirewalls();
        AddNetworks();
        AddAddresses();
        foreach (var kind in s_empty)
        {
            Sync("GET", $"/{kind}", call => call.Page<SimServer>(kind, [], _ => []));
            Sync("GET", $"/{kind}/{{id}}", _ => Answer.NotFound(kind));
        }

        return routes;

        void AddVolumes()
        {
            var volumes = new VolumesApi(options, nextId);
            Sync("GET", "/volumes", VolumesApi.List);
            Sync("POST", "/volumes", volumes.Create, body: true);
            Sync("GET", "/volumes/{id}", VolumesApi.Get);
            Sync("PUT", "/volumes/{id}", VolumesApi.Update, body: true);
            Sync("DELETE", "/volumes/{id}", VolumesApi.Delete);
            Sync("POST", "/volumes/{id}/actions/attach", volumes.Attach, body: true);
            Sync("POST", "/volumes/{id}/actions/detach", volumes.Detach);
            Sync("POST", "/volumes/{id}/actions/resize", volumes.Resize, body: true);
            Sync("POST", "/volumes/{id}/actions/change_protection", volumes.Protect, body: true);
        }

        void AddFirewalls()
        {
            var firewalls = new FirewallsApi(options, nextId);
            Sync("GET", "/firewalls", FirewallsApi.List);
            Sync("POST", "/firewalls", firewalls.Create, body: true);
            Sync("GET", "/firewalls/{id}", FirewallsApi.Get);
            Sync("PUT", "/firewalls/{id}", FirewallsApi.Update, body: true);
            Sync("DELETE", "/firewalls/{id}", FirewallsApi.Delete);
            Sync("POST", "/firewalls/{id}/actions/set_rules", firewalls.SetRules, body: true);
            Sync("POST", "/firewalls/{id}/actions/apply_to_resources", firewalls.Apply, body: true);
            Sync("POST", "/firewalls/{id}/actions/remove_from_resources", firewalls.Remove, body: true);
        }

        void AddNetworks()
        {
            Sync("GET", "/networks", NetworksApi.List);
            Sync("POST", "/networks", new NetworksApi(nextId).Create, body: true);
            Sync("GET", "/networks/{id}", NetworksApi.Get);
            Sync("PUT", "/networks/{id}", NetworksApi.Update, body: true);
            Sync("DELETE", "/networks/{id}", NetworksApi.Delete);
        }

        void AddAddresses()
        {
            Sync("GET", "/primary_ips", PrimaryIpsApi.List);
            Sync("GET", "/primary_ips/{id}", PrimaryIpsApi.Get);
            Sync("PUT", "/primary_ips/{id}", PrimaryIpsApi.Update, body: true);
            Sync("DELETE", "/primary_ips/{id}", PrimaryIpsApi.Delete);
            var addresses = new PrimaryIpsApi(options, nextId);
            Sync("POST", "/primary_ips/{id}/actions/assign", addresses.Assign, body: true);
            Sync("POST", "/primary_ips/{id}/actions/unassign", addresses.Unassign);
            Sync("POST", "/primary_ips/{id}/actions/change_protection", addresses.Protect, body: true);
        }
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
