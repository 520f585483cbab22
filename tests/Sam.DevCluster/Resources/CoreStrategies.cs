using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>Namespaces: labelled with their name, held by <c>spec.finalizers</c>, Terminating until empty.</summary>
internal sealed class NamespaceStrategy : ResourceStrategy
{
    public override NameRule NameRule => NameRule.Label;

    public override bool HasCollectionDelete => false;

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        if (node.Name().Length > 0)
            node.Metadata().Ensure("labels")["kubernetes.io/metadata.name"] = node.Name();
        if (old is not null)
            return;
        node.Remove("spec");
        node.Remove("status");
    }

    public override void Complete(JsonObject node)
    {
        node["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        node["status"] = new JsonObject { ["phase"] = "Active" };
    }

    public override bool HasOwnSelectors => true;

    public override string? Select(JsonObject node, string field) =>
        field switch
        {
            "status.phase" => node.At("status", "phase").Text() ?? "",
            "name" => node.Name(),
            _ => base.Select(node, field),
        };

    public override void BeforeDelete(JsonObject node, string now) => node.Ensure("status")["phase"] = "Terminating";

    public override bool HoldsOnDelete(JsonObject node) => node.At("spec", "finalizers") is JsonArray { Count: > 0 };
}

/// <summary>Leases.</summary>
internal sealed class LeaseStrategy : ResourceStrategy
{
    public override bool NeedsVersion => true;

    public override IEnumerable<FieldError> Validate(JsonObject node, JsonObject? old)
    {
        var spec = node.Object("spec");
        if (spec?.Child("leaseDurationSeconds") is { } duration && (!duration.TryInteger(out var seconds) || seconds <= 0))
            yield return FieldError.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
        if (spec?.Child("leaseTransitions") is { } transitions && (!transitions.TryInteger(out var count) || count < 0))
            yield return FieldError.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
    }
}

/// <summary>Services: filled in as for a cluster of one address family.</summary>
internal sealed class ServiceStrategy : ResourceStrategy
{
    private static int _last = 9;

    public override bool DeleteAnswersObject => true;

    public override void Prepare(JsonObject node, JsonObject? old)
    {
        var spec = node.Ensure("spec");
        foreach (var port in (spec.Array("ports") ?? []).OfType<JsonObject>())
        {
            port["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
        }
        spec["type"] ??= "ClusterIP";
        spec["sessionAffinity"] ??= "None";
        if (spec.Text("type") == "ExternalName")
            return;
        spec["internalTrafficPolicy"] ??= "Cluster";
        foreach (var name in new[] { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy" })
            if (!spec.ContainsKey(name) && old.At("spec", name) is { } kept)
                spec[name] = kept.DeepClone();
    }

    public override void Complete(JsonObject node)
    {
        var spec = node.Ensure("spec");
        node["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        if (spec.Text("type") == "ExternalName")
            return;
        if (string.IsNullOrEmpty(spec.Text("clusterIP")))
        {
            var number = Interlocked.Increment(ref _last);
            spec["clusterIP"] = $"10.0.{number / 250 % 256}.{(number % 250) + 1}";
        }
        spec["clusterIPs"] ??= new JsonArray(spec.Text("clusterIP"));
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
    }
}

/// <summary>Kinds whose DELETE answers with the object.</summary>
internal sealed class ObjectAnsweringStrategy : ResourceStrategy
{
    public override bool DeleteAnswersObject => true;
}

/// <summary>Kinds with a spec that counts generations, such as deployments.</summary>
internal sealed class SpecStrategy : ResourceStrategy
{
    public override bool HasGeneration => true;
}

/// <summary>Pods: only stored, never run.</summary>
internal sealed class PodStrategy : ResourceStrategy
{
    public override bool DeleteAnswersObject => true;

    public override bool HasOwnSelectors => true;

    public override string? Select(JsonObject node, string field) =>
        field switch
        {
            "spec.nodeName" => node.At("spec", "nodeName").Text() ?? "",
            "status.phase" => node.At("status", "phase").Text() ?? "",
            "spec.restartPolicy" => node.At("spec", "restartPolicy").Text() ?? "",
            "spec.serviceAccountName" => node.At("spec", "serviceAccountName").Text() ?? "",
            _ => base.Select(node, field),
        };
}
