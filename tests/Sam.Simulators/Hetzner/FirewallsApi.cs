using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>`/firewalls`.</summary>
internal sealed class FirewallsApi(HetznerSimulatorOptions options, Func<long> nextId)
{
    public static Answer List(HetznerCall call) =>
        call.Page("firewalls", call.Project.Firewalls.Values.OrderBy(firewall => firewall.Id), firewall => firewall.ToJson());

    public static Answer Get(HetznerCall call) => ResourceAnswers.One("firewall", Of(call)?.ToJson());

    public Answer Create(HetznerCall call)
    {
        var project = call.Project;
        if (ResourceAnswers.Wrong(call, project.Firewalls.Values, 0, "name", "labels", "rules", "apply_to") is { } wrong)
            return wrong;
        if (CreateValidation.Word(call.Body["name"]) is not { Length: > 0 } name)
            return Answer.Invalid("name", "Missing data for required field.");
        if (FirewallRules.Wrong(call.Body["rules"]) is { } refused)
            return refused;
        if (Servers(call, "apply_to") is not { } servers)
            return Answer.Error(404, "firewall_resource_not_found", "resource not found");
        var firewall = new SimFirewall(nextId(), name, project.Now)
        {
            Labels = SimLabels.Of(call.Body["labels"]),
            Rules = call.Body["rules"]?.DeepClone() as JsonArray ?? [],
        };
        firewall.Servers.UnionWith(servers);
        project.Firewalls[firewall.Id] = firewall;
        project.Made("firewall", name);
        return Answer.Created(
            new JsonObject
            {
                ["firewall"] = firewall.ToJson(),
                ["actions"] = new JsonArray(Act(call, firewall, "set_firewall_rules")),
            }
        );
    }

    public static Answer Update(HetznerCall call)
    {
        if (Of(call) is not { } firewall)
            return Answer.NotFound("firewall");
        if (ResourceAnswers.Wrong(call, call.Project.Firewalls.Values, firewall.Id, "name", "labels") is { } wrong)
            return wrong;
        ResourceAnswers.Rename(call, name => firewall.Name = name, labels => firewall.Labels = labels);
        return ResourceAnswers.One("firewall", firewall.ToJson());
    }

    public static Answer Delete(HetznerCall call)
    {
        if (Of(call) is not { } firewall)
            return Answer.NotFound("firewall");
        if (firewall.Servers.Count > 0 || call.Faults.Take(HetznerFaults.FirewallInUse) is not null)
            return Answer.Error(409, "resource_in_use", "firewall is still in use");
        call.Project.Firewalls.Remove(firewall.Id);
        return Answer.NoContent();
    }

    public Answer SetRules(HetznerCall call)
    {
        if (Of(call) is not { } firewall)
            return Answer.NotFound("firewall");
        if (FirewallRules.Wrong(call.Body["rules"]) is { } wrong)
            return wrong;
        firewall.Rules = call.Body["rules"]?.DeepClone() as JsonArray ?? [];
        return Acted(call, firewall, "set_firewall_rules");
    }

    public Answer Apply(HetznerCall call)
    {
        if (Of(call) is not { } firewall)
            return Answer.NotFound("firewall");
        if (Servers(call, "apply_to") is not { } servers)
            return Answer.Error(404, "firewall_resource_not_found", "resource not found");
        if (servers.Exists(firewall.Servers.Contains))
            return Answer.Error(409, "firewall_already_applied", "firewall is already applied");
        firewall.Servers.UnionWith(servers);
        return Acted(call, firewall, "apply_firewall");
    }

    public Answer Remove(HetznerCall call)
    {
        if (Of(call) is not { } firewall)
            return Answer.NotFound("firewall");
        if (Servers(call, "remove_from") is not { } servers || !servers.TrueForAll(firewall.Servers.Contains))
            return Answer.Error(404, "firewall_resource_not_found", "resource not found");
        firewall.Servers.ExceptWith(servers);
        return Acted(call, firewall, "remove_firewall");
    }

    private static SimFirewall? Of(HetznerCall call) => call.Project.Firewalls.GetValueOrDefault(call.Id);

    // By id only: what a label selector applies to is not simulated.
    private static List<long>? Servers(HetznerCall call, string field)
    {
        var ids = (call.Body[field] as JsonArray ?? []).Select(item => item?["server"]?["id"]?.GetValue<long>() ?? 0).ToList();
        return ids.TrueForAll(call.Project.Servers.ContainsKey) ? ids : null;
    }

    private Answer Acted(HetznerCall call, SimFirewall firewall, string command) =>
        Answer.Created(new JsonObject { ["actions"] = new JsonArray(Act(call, firewall, command)) });

    private JsonObject Act(HetznerCall call, SimFirewall firewall, string command) =>
        call.Project.Begin(nextId(), command, [("firewall", firewall.Id)], options.Delays.Attach).ToJson(call.Project.Now);
}
