using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>`/primary_ips`: those that servers were made with, and those that stayed.</summary>
internal sealed class PrimaryIpsApi(HetznerSimulatorOptions options, Func<long> nextId)
{
    public static Answer List(HetznerCall call)
    {
        var ip = call.Query("ip");
        var addresses = call.Project.PrimaryIps.Values.Where(address => ip is null || address.Address == ip);
        return call.Page("primary_ips", addresses.OrderBy(address => address.Id), address => address.ToJson());
    }

    public static Answer Get(HetznerCall call) => ResourceAnswers.One("primary_ip", Of(call)?.ToJson());

    public static Answer Update(HetznerCall call)
    {
        if (Of(call) is not { } address)
            return Answer.NotFound("Primary IP");
        if (ResourceAnswers.Wrong(call, call.Project.PrimaryIps.Values, address.Id, "name", "labels", "auto_delete") is { } wrong)
            return wrong;
        ResourceAnswers.Rename(call, name => address.Name = name, labels => address.Labels = labels);
        if (call.Body["auto_delete"] is { } auto)
            address.AutoDelete = auto.GetValueKind() == JsonValueKind.True;
        return ResourceAnswers.One("primary_ip", address.ToJson());
    }

    public static Answer Delete(HetznerCall call)
    {
        if (Of(call) is not { } address)
            return Answer.NotFound("Primary IP");
        if (address.DeleteProtected)
            return Answer.Error(423, "protected", "Primary IP deletion is protected");
        if (address.Server is not null)
            return Answer.Error(422, "must_be_unassigned", "the Primary IP must be unassigned first");
        call.Project.PrimaryIps.Remove(address.Id);
        return Answer.NoContent();
    }

    public Answer Assign(HetznerCall call)
    {
        if (Of(call) is not { } address)
            return Answer.NotFound("Primary IP");
        if (call.Project.Servers.GetValueOrDefault(ResourceAnswers.Number(call, "assignee_id")) is not { } server)
            return Answer.Invalid("assignee_id", "not found");
        if (address.Server is not null)
            return Answer.Error(409, "primary_ip_assigned", "the Primary IP is already assigned");
        if (server.Status != "off")
            return Answer.Error(422, "server_not_stopped", "the server must be off");
        if (server.PrimaryIp is not null)
            return Answer.Error(409, "server_has_ipv4", "the server already has a Primary IP of this kind");
        if (address.Location != server.Location)
            return Answer.Invalid("assignee_id", "server and Primary IP are in different locations");
        (address.Server, server.PrimaryIp) = (server, address);
        var action = call.Project.Begin(nextId(), "assign_primary_ip", [("primary_ip", address.Id)], options.Delays.Attach);
        return Answer.Created(new JsonObject { ["action"] = action.ToJson(call.Project.Now) });
    }

    public Answer Unassign(HetznerCall call)
    {
        if (Of(call) is not { } address)
            return Answer.NotFound("Primary IP");
        if (address.Server is not { } server)
            return Answer.Invalid("assignee_id", "is not assigned");
        if (server.Status != "off")
            return Answer.Error(422, "server_not_stopped", "the server must be off");
        (address.Server, server.PrimaryIp) = (null, null);
        var action = call.Project.Begin(nextId(), "unassign_primary_ip", [("primary_ip", address.Id)], options.Delays.Attach);
        return Answer.Created(new JsonObject { ["action"] = action.ToJson(call.Project.Now) });
    }

    public Answer Protect(HetznerCall call)
    {
        if (Of(call) is not { } address)
            return Answer.NotFound("Primary IP");
        address.DeleteProtected = call.Body["delete"]?.GetValue<bool>() == true;
        var action = call.Project.Begin(nextId(), "change_protection", [("primary_ip", address.Id)], TimeSpan.Zero);
        return Answer.Created(new JsonObject { ["action"] = action.ToJson(call.Project.Now) });
    }

    private static SimPrimaryIp? Of(HetznerCall call) => call.Project.PrimaryIps.GetValueOrDefault(call.Id);
}
