using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Tables;

/// <summary>Columns that only one kind has.</summary>
internal static class KindColumns
{
    public static readonly IReadOnlyDictionary<string, Func<JsonObject, string[], JsonNode?>> Functions = new Dictionary<
        string,
        Func<JsonObject, string[], JsonNode?>
    >(StringComparer.Ordinal)
    {
        ["ready"] = (pod, _) =>
            $"{Statuses(pod).Count(status => status.IsTrue("ready"))}/{(pod.At("spec", "containers") as JsonArray)?.Count ?? 0}",
        ["phase"] = (pod, _) =>
            pod.IsDeleting() ? "Terminating" : pod.At("status", "reason").Text() ?? pod.At("status", "phase").Text() ?? "",
        ["restarts"] = (pod, _) =>
            Statuses(pod)
                .Sum(status => status.Child("restartCount").TryInteger(out var count) ? count : 0)
                .ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["external"] = (service, _) => External(service),
        ["ports"] = (service, _) =>
            string.Join(',', Entries(service, "spec", "ports").Select(Port)) is { Length: > 0 } ports
                ? ports
                : ColumnFunctions.None,
        ["node"] = (node, _) => NodeStatus(node),
        ["roles"] = (node, _) => Roles(node),
        ["address"] = (node, types) =>
            Entries(node, "status", "addresses").FirstOrDefault(entry => entry.Text("type") == types[0]).Text("address")
            ?? ColumnFunctions.None,
        ["endpoints"] = (endpoints, _) => EndpointsOf(endpoints),
        ["claim"] = (volume, _) =>
            volume.At("spec", "claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : "",
        ["quota"] = (quota, sorts) => Quota(quota, sorts[0] == "limit"),
        ["job"] = (job, _) => JobStatus(job),
        ["completions"] = (job, _) =>
            $"{job.At("status", "succeeded")?.ToText() ?? "0"}/{job.At("spec", "completions")?.ToText() ?? "1"}",
        ["reference"] = (scaler, _) =>
            $"{scaler.At("spec", "scaleTargetRef", "kind").Text()}/{scaler.At("spec", "scaleTargetRef", "name").Text()}",
        ["targets"] = (scaler, _) => Targets(scaler),
        ["tls"] = (ingress, _) => Entries(ingress, "spec", "tls").Any() ? "80, 443" : "80",
        ["parameters"] = (ingress, _) =>
            ingress.At("spec", "parameters") is { } parameters
                ? $"{parameters.Text("kind")}{(parameters.Text("apiGroup") is { } group ? "." + group : "")}/{parameters.Text("name")}"
                : ColumnFunctions.None,
        ["service"] = (api, _) =>
            api.At("spec", "service") is { } service ? $"{service.Text("namespace")}/{service.Text("name")}" : "Local",
        ["signing"] = (request, _) => Signing(request),
        ["claims"] = (claim, _) => Claim(claim),
    };

    private static IEnumerable<JsonNode?> Entries(JsonObject node, string part, string name) =>
        node.At(part, name) as JsonArray ?? [];

    private static IEnumerable<JsonNode?> Statuses(JsonObject pod) => Entries(pod, "status", "containerStatuses");

    private static string Port(JsonNode? port)
    {
        var outside = port.Child("nodePort")?.ToText();
        return $"{port.Child("port")?.ToText()}{(outside is null or "0" ? "" : ":" + outside)}/{port.Text("protocol") ?? "TCP"}";
    }

    private static string External(JsonObject service)
    {
        if (service.At("spec", "type").Text() == "ExternalName")
            return service.At("spec", "externalName").Text() ?? "";
        var addresses = Entries(service, "status", "loadBalancer")
            .Concat(service.At("status", "loadBalancer", "ingress") as JsonArray ?? [])
            .Select(entry => entry.Text("ip") ?? entry.Text("hostname") ?? "")
            .Concat(service.At("spec", "externalIPs").Strings());
        return string.Join(',', addresses) is { Length: > 0 } text ? text
            : service.At("spec", "type").Text() == "LoadBalancer" ? "<pending>"
            : ColumnFunctions.None;
    }

    private static string NodeStatus(JsonObject node)
    {
        var ready = Entries(node, "status", "conditions").FirstOrDefault(entry => entry.Text("type") == "Ready");
        var status = ready.Text("status") switch
        {
            null => "Unknown",
            "True" => "Ready",
            _ => "NotReady",
        };
        return node.Object("spec").IsTrue("unschedulable") ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonObject node)
    {
        const string prefix = "node-role.kubernetes.io/";
        var roles = (node.Metadata().Object("labels") ?? [])
            .Where(label => label.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(label => label.Key[prefix.Length..])
            .Order(StringComparer.Ordinal);
        return string.Join(',', roles) is { Length: > 0 } text ? text : ColumnFunctions.None;
    }

    private static string EndpointsOf(JsonObject endpoints)
    {
        var all = (endpoints.Array("subsets") ?? [])
            .SelectMany(subset =>
                (subset.Array("addresses") ?? []).SelectMany(address =>
                    (subset.Array("ports") ?? []).Select(port => $"{address.Text("ip")}:{port.Child("port")?.ToText()}")
                )
            )
            .ToList();
        return all.Count switch
        {
            0 => ColumnFunctions.None,
            > 3 => $"{string.Join(',', all.Take(3))} + {all.Count - 3} more...",
            _ => string.Join(',', all),
        };
    }

    private static string Quota(JsonObject quota, bool ofLimits)
    {
        var used = quota.At("status", "used");
        var hard = quota.At("status", "hard") as JsonObject ?? quota.At("spec", "hard") as JsonObject ?? [];
        return string.Join(
            ", ",
            hard.Where(pair => pair.Key.StartsWith("limits", StringComparison.Ordinal) == ofLimits)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{pair.Key}: {Amount(used.Child(pair.Key))}/{Amount(pair.Value)}")
        );
    }

    private static string Amount(JsonNode? amount) => amount is null ? "0" : amount.Text() ?? amount.ToText();

    private static string JobStatus(JsonObject job)
    {
        var conditions = Entries(job, "status", "conditions")
            .Where(entry => entry.Text("status") == "True")
            .Select(entry => entry.Text("type"))
            .ToHashSet();
        return conditions.Contains("Complete") ? "Complete"
            : conditions.Contains("Failed") ? "Failed"
            : job.IsDeleting() ? "Terminating"
            : conditions.Contains("Suspended") ? "Suspended"
            : conditions.Contains("FailureTarget") ? "FailureTarget"
            : conditions.Contains("SuccessCriteriaMet") ? "SuccessCriteriaMet"
            : "Running";
    }

    private static string Targets(JsonObject scaler)
    {
        var use = scaler.At("spec", "targetCPUUtilizationPercentage")?.ToText();
        var wanted = Entries(scaler, "spec", "metrics")
            .Select(metric => metric.At("resource", "target", "averageUtilization")?.ToText())
            .Append(use)
            .OfType<string>()
            .Select(percent => $"cpu: <unknown>/{percent}%");
        return string.Join(", ", wanted) is { Length: > 0 } text ? text : ColumnFunctions.None;
    }

    private static string Signing(JsonObject request)
    {
        var types = Entries(request, "status", "conditions").Select(entry => entry.Text("type")).ToHashSet();
        var status =
            types.Contains("Denied") ? "Denied"
            : types.Contains("Approved") ? "Approved"
            : "Pending";
        if (types.Contains("Failed"))
            status += ",Failed";
        return request.At("status", "certificate").Text() is { Length: > 0 } ? status + ",Issued" : status;
    }

    private static string Claim(JsonObject claim)
    {
        var states = new List<string>();
        if (claim.IsDeleting())
            states.Add("deleted");
        states.Add(claim.At("status", "allocation") is null ? "pending" : "allocated");
        if (Entries(claim, "status", "reservedFor").Any())
            states.Add("reserved");
        return string.Join(',', states);
    }
}
