using System.Net;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>`/networks`: made, shown, renamed, deleted; servers join them when they are made.</summary>
internal sealed class NetworksApi(Func<long> nextId)
{
    public static Answer List(HetznerCall call) =>
        call.Page("networks", call.Project.Networks.Values.OrderBy(network => network.Id), network => network.ToJson());

    public static Answer Get(HetznerCall call) => ResourceAnswers.One("network", Of(call)?.ToJson());

    public Answer Create(HetznerCall call)
    {
        var project = call.Project;
        var wrong = ResourceAnswers.Wrong(
            call,
            project.Networks.Values,
            0,
            "name",
            "labels",
            "ip_range",
            "subnets",
            "routes",
            "expose_routes_to_vswitch"
        );
        if (wrong is not null)
            return wrong;
        if (CreateValidation.Word(call.Body["name"]) is not { Length: > 0 } name)
            return Answer.Invalid("name", "Missing data for required field.");
        if (!IPNetwork.TryParse(CreateValidation.Word(call.Body["ip_range"]), out var range))
            return Answer.Invalid("ip_range", "is no network in CIDR form");
        var network = new SimNetwork(nextId(), name, range, project.Now)
        {
            Labels = SimLabels.Of(call.Body["labels"]),
            Subnets =
            [
                .. (call.Body["subnets"] as JsonArray ?? []).Select(subnet => new JsonObject
                {
                    ["type"] = subnet!["type"]?.DeepClone(),
                    ["ip_range"] = subnet["ip_range"]?.DeepClone() ?? range.ToString(),
                    ["network_zone"] = subnet["network_zone"]?.DeepClone(),
                    ["gateway"] = range.BaseAddress.ToString()[..^1] + "1",
                }),
            ],
        };
        project.Networks[network.Id] = network;
        return Answer.Created(new JsonObject { ["network"] = network.ToJson() });
    }

    public static Answer Update(HetznerCall call)
    {
        if (Of(call) is not { } network)
            return Answer.NotFound("network");
        if (ResourceAnswers.Wrong(call, call.Project.Networks.Values, network.Id, "name", "labels") is { } wrong)
            return wrong;
        ResourceAnswers.Rename(call, name => network.Name = name, labels => network.Labels = labels);
        return ResourceAnswers.One("network", network.ToJson());
    }

    public static Answer Delete(HetznerCall call)
    {
        if (Of(call) is not { } network)
            return Answer.NotFound("network");
        if (network.Servers.Count > 0)
            return Answer.Error(409, "resource_in_use", "network still has servers");
        call.Project.Networks.Remove(network.Id);
        return Answer.NoContent();
    }

    private static SimNetwork? Of(HetznerCall call) => call.Project.Networks.GetValueOrDefault(call.Id);
}
