using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>`/servers` and `/actions`.</summary>
internal sealed class ServersApi(HetznerSimulatorOptions options, Func<long> nextId)
{
    public Answer List(HetznerCall call)
    {
        var statuses = call.QueryAll("status");
        return call.Page(
            "servers",
            call.Project.Servers.Values.Where(server => statuses.Count == 0 || statuses.Contains(server.Status))
                .OrderBy(s => s.Id),
            server => server.ToJson(Locked(call, server), call.Project)
        );
    }

    public Answer Get(HetznerCall call) =>
        call.Project.Servers.TryGetValue(call.Id, out var server)
            ? Answer.Ok(new JsonObject { ["server"] = server.ToJson(Locked(call, server), call.Project) })
            : Answer.NotFound("server");

    public async Task<Answer> CreateAsync(HetznerCall call)
    {
        var body = call.Body;
        SimServer server;
        lock (call.Project.Lock)
        {
            if (CreateValidation.Form(body) is { } malformed)
            {
                return malformed;
            }
            if (OfferLookup.Offer(body, out var type, out var location, out var image) is { } unsold)
            {
                return unsold;
            }
            if (Refusal(call, body, type, location) is { } refused)
            {
                return refused;
            }
            server = Build(call, body, type, location, image);
            call.Project.Servers[server.Id] = server;
            call.Project.Made("server", server.Name);
        }
        var wanted = ServerLinks.Address(body) is { } address ? call.Project.PrimaryIps[address].Address : null;
        var boot = new ServerBoot(server.Id, server.Name, server.UserData, server.Type.Name, server.Labels, wanted);
        BackendServer made;
        try
        {
            // A caller that goes away does not take its order back: the provider builds what it accepted.
            made = await options.Backend.CreateAsync(boot, CancellationToken.None);
        }
        catch
        {
            lock (call.Project.Lock)
            {
                call.Project.Servers.Remove(server.Id);
            }
            throw;
        }
        lock (call.Project.Lock)
        {
            ServerLinks.Tie(call.Project, server, body, made.PublicIPv4, server.Id + 1);
            return Begin(call, server, body);
        }
    }

    public Answer Update(HetznerCall call)
    {
        if (!call.Project.Servers.TryGetValue(call.Id, out var server))
        {
            return Answer.NotFound("server");
        }
        foreach (var (key, value) in call.Body)
        {
            if (key is not ("name" or "labels"))
            {
                return Answer.Invalid(key, "unknown field");
            }
            if (key == "name" && !CreateValidation.IsHostname(CreateValidation.Word(value)))
            {
                return Answer.Invalid("name", "is no valid hostname (RFC 1123)");
            }
        }
        var name = CreateValidation.Word(call.Body["name"]);
        if (call.Project.Servers.Values.Any(other => other != server && other.Name == name))
        {
            return Answer.Taken("name", "server name is already used");
        }
        var labels = call.Body["labels"] as JsonObject;
        if (CreateValidation.LabelsOf(labels) is { } refused)
        {
            return refused;
        }
        server.Name = name.Length > 0 ? name : server.Name;
        server.Labels = labels is null ? server.Labels : SimLabels.Of(labels);
        return Answer.Ok(new JsonObject { ["server"] = server.ToJson(Locked(call, server), call.Project) });
    }

    public Answer Delete(HetznerCall call)
    {
        if (!call.Project.Servers.TryGetValue(call.Id, out var server))
        {
            return Answer.NotFound("server");
        }
        if (server.DeleteProtected)
        {
            return Answer.Error(423, "protected", "server deletion is protected");
        }
        if (call.Project.Running(server) is { Due: var due } && due != DateTimeOffset.MaxValue)
        {
            return Answer.Error(423, "locked", "server is locked");
        }
        foreach (var stuck in call.Project.RunningOf(server))
        {
            (stuck.Status, stuck.Finished, stuck.Error) = ("error", call.Project.Now, "server is being deleted");
        }
        server.Status = "deleting";
        var duration = call.Faults.Take(HetznerFaults.DeleteStuck) is { } stuckFault
            ? stuckFault.Delay ?? TimeSpan.FromMinutes(2)
            : options.Delays.Delete;
        var action = Act(call, server, "delete_server", duration, () => Vanish(call.Project, server));
        action.Work = options.Backend.DeleteAsync(server.Id, CancellationToken.None);
        return Answer.Ok(new JsonObject { ["action"] = action.ToJson(call.Project.Now) });
    }

    public Answer Power(HetznerCall call, string command, string final, Func<IServerBackend, long, Task> work)
    {
        if (!call.Project.Servers.TryGetValue(call.Id, out var server))
        {
            return Answer.NotFound("server");
        }
        if (call.Project.Running(server) is not null)
        {
            return Answer.Error(423, "locked", "server is locked");
        }
        if (command is "stop_server" or "shutdown_server")
        {
            server.Status = "stopping";
        }
        else if (server.Status != "running")
        {
            server.Status = "starting";
        }
        var action = Act(call, server, command, options.Delays.Power, () => server.Status = final);
        action.Work = work(options.Backend, server.Id);
        return Answer.Created(new JsonObject { ["action"] = action.ToJson(call.Project.Now) });
    }

    public Answer Protect(HetznerCall call)
    {
        if (!call.Project.Servers.TryGetValue(call.Id, out var server))
        {
            return Answer.NotFound("server");
        }
        server.DeleteProtected = call.Body["delete"]?.GetValue<bool>() == true;
        var action = call.Project.Begin(nextId(), "change_protection", [("server", server.Id)], TimeSpan.Zero);
        return Answer.Created(new JsonObject { ["action"] = action.ToJson(call.Project.Now) });
    }

    public Answer Action(HetznerCall call) =>
        call.Project.Actions.TryGetValue(call.Id, out var action)
            ? Answer.Ok(new JsonObject { ["action"] = action.ToJson(call.Project.Now) })
            : Answer.NotFound("action");

    public Answer Actions(HetznerCall call)
    {
        var ids = call.QueryAll("id");
        return ids.Count == 0
            ? Answer.Invalid("id", "Missing data for required field.")
            : call.Page(
                "actions",
                call.Project.Actions.Values.Where(a => ids.Contains($"{a.Id}")),
                a => a.ToJson(call.Project.Now)
            );
    }

    public Answer ActionsOf(HetznerCall call) =>
        call.Project.Servers.TryGetValue(call.Id, out var server)
            ? call.Page("actions", call.Project.Actions.Values.Where(a => a.Server == server), a => a.ToJson(call.Project.Now))
            : Answer.NotFound("server");

    private static bool Locked(HetznerCall call, SimServer server) =>
        server.Status == "initializing" && call.Project.Running(server) is not null;

    private Answer? Refusal(HetznerCall call, JsonObject body, SimServerType type, SimLocation location)
    {
        var name = CreateValidation.Word(body["name"]);
        if (ServerLinks.Wrong(call, body, location) is { } wrong)
        {
            return wrong;
        }
        if (call.Project.Servers.Values.Any(server => server.Name == name))
        {
            return Answer.Taken("name", "server name is already used");
        }
        bool On(string fault) => call.Faults.Take(fault, f => f.FitsOffer(type.Name, location.Name)) is not null;
        if (call.Project.Servers.Count >= options.ServerLimit || On(HetznerFaults.Quota))
        {
            return OfferLookup.LimitExceeded("server_limit");
        }
        if (On(HetznerFaults.AddressQuota))
        {
            return OfferLookup.LimitExceeded("primary_ip_limit");
        }
        if (On(HetznerFaults.NameTaken))
        {
            var stranger = new SimServer(nextId(), name, type, location, Catalogue.Images[0], call.Project.Now)
            {
                Status = "running",
            };
            call.Project.Servers[stranger.Id] = stranger;
            return Answer.Taken("name", "server name is already used");
        }
        if (On(HetznerFaults.UnsupportedLocation))
        {
            return OfferLookup.UnsupportedLocation();
        }
        if (On(HetznerFaults.Placement))
        {
            return Answer.Error(422, "placement_error", "error during placement");
        }
        return On(HetznerFaults.Capacity) || On(HetznerFaults.LocationClosed)
            ? Answer.Error(412, "resource_unavailable", $"server type {type.Name} is currently not available in {location.Name}")
            : null;
    }

    private SimServer Build(HetznerCall call, JsonObject body, SimServerType type, SimLocation location, SimImage image) =>
        new(nextId(), CreateValidation.Word(body["name"]), type, location, image, call.Project.Now)
        {
            UserData = CreateValidation.Word(body["user_data"]),
            Labels = SimLabels.Of(body["labels"]),
            SshKeys = [.. (body["ssh_keys"] as JsonArray ?? []).Select(CreateValidation.Word)],
            EnableIPv6 = body["public_net"]?["enable_ipv6"]?.GetValue<bool>() != false,
        };

    private Answer Begin(HetznerCall call, SimServer server, JsonObject body)
    {
        var starts = body["start_after_create"]?.GetValueKind() != JsonValueKind.False;
        var stuck =
            call.Faults.Take(HetznerFaults.NeverBoots, f => f.FitsOffer(server.Type.Name, server.Location.Name)) is not null;
        var initialize = stuck ? Timeout.InfiniteTimeSpan : options.Delays.Initialize;
        var create = Act(call, server, "create_server", initialize, () => server.Status = starts ? "starting" : "off");
        JsonArray next = [];
        if (starts)
        {
            var start = stuck ? Timeout.InfiniteTimeSpan : options.Delays.Initialize + options.Delays.Start;
            next.Add(Act(call, server, "start_server", start, () => server.Status = "running").ToJson(call.Project.Now));
        }
        return Answer.Created(
            new JsonObject
            {
                ["server"] = server.ToJson(locked: true, call.Project),
                ["action"] = create.ToJson(call.Project.Now),
                ["next_actions"] = next,
                ["root_password"] = body["ssh_keys"] is JsonArray { Count: > 0 } ? null : $"simulated-{server.Id}",
            }
        );
    }

    private SimAction Act(HetznerCall call, SimServer server, string command, TimeSpan duration, Action effect)
    {
        var fails = call.Faults.Take(HetznerFaults.ActionFails, f => f.Command is null || f.Command == command) is not null;
        return call.Project.Begin(nextId(), command, server, duration, fails, effect);
    }

    /// <summary>A server is gone, whoever ended it.</summary>
    public static void Vanish(HetznerProject project, SimServer server)
    {
        ServerLinks.Untie(project, server);
        project.Servers.Remove(server.Id);
    }
}
