using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.Unit.Tests.DevCluster;

public sealed class NamespaceConditionTests
{
    private static readonly ResourceType ConfigMaps = BuiltInTypes.All.Single(type => type.Plural == "configmaps");

    [Fact]
    public void What_is_left_is_counted_by_kind_and_by_finalizer()
    {
        var conditions = NamespaceConditions.Of([Held("a", "x/one"), Held("b", "x/one", "x/two")], null, "now");

        Assert.Equal(
            "Some resources are remaining: configmaps. has 2 resource instances",
            Of(conditions, "NamespaceContentRemaining").Text("message")
        );
        Assert.Equal(
            "Some content in the namespace has finalizers remaining: x/one in 2 resource instances, x/two in 1 resource instances",
            Of(conditions, "NamespaceFinalizersRemaining").Text("message")
        );
    }

    [Fact]
    public void The_moment_of_a_condition_moves_with_its_status_only()
    {
        var first = NamespaceConditions.Of([Held("a", "x/one")], null, "early");

        var second = NamespaceConditions.Of([Held("a"), Held("b")], first, "late");

        Assert.Equal("early", Of(second, "NamespaceContentRemaining").Text("lastTransitionTime"));
        Assert.Equal("late", Of(second, "NamespaceFinalizersRemaining").Text("lastTransitionTime"));
        Assert.Equal("ContentHasNoFinalizers", Of(second, "NamespaceFinalizersRemaining").Text("reason"));
    }

    private static JsonNode? Of(JsonArray conditions, string type) =>
        conditions.Single(condition => condition.Text("type") == type);

    private static (ResourceType, StoredObject) Held(string name, params string[] finalizers)
    {
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]),
        };
        return (ConfigMaps, new StoredObject(new JsonObject { ["metadata"] = metadata }, 1));
    }
}
