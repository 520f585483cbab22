using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Resources;

/// <summary>Autoscalers of version 1, which know one number: the wanted use of processors.</summary>
internal sealed class AutoscalerConversion : IVersionConversion
{
    private const string Percentage = "targetCPUUtilizationPercentage";

    public JsonObject FromStorage(JsonObject node)
    {
        node["apiVersion"] = "autoscaling/v1";
        if (node.Object("spec") is not { } spec)
            return node;
        var use = (spec.Array("metrics") ?? [])
            .Where(metric => metric.At("resource", "name").Text() == "cpu")
            .Select(metric => metric.At("resource", "target", "averageUtilization"))
            .FirstOrDefault(value => value is not null);
        spec.Remove("metrics");
        spec.Remove("behavior");
        if (use is not null)
            spec[Percentage] = use.DeepClone();
        return node;
    }

    public JsonObject ToStorage(JsonObject node)
    {
        node["apiVersion"] = "autoscaling/v2";
        if (node.Object("spec") is not { } spec || spec.Child(Percentage) is not { } use)
            return node;
        spec.Remove(Percentage);
        spec["metrics"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject
                {
                    ["name"] = "cpu",
                    ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = use.DeepClone() },
                },
            }
        );
        return node;
    }
}
