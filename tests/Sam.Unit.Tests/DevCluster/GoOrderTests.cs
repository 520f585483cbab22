using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.Unit.Tests.DevCluster;

public sealed class GoOrderTests
{
    [Theory]
    [InlineData(
        """{"apiVersion":"v1","data":{"b":"1","a":"2"},"kind":"ConfigMap","metadata":{"labels":{"z":"1","y":"2"},"uid":"u","name":"n"}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"n","uid":"u","labels":{"y":"2","z":"1"}},"data":{"a":"2","b":"1"}}"""
    )]
    [InlineData(
        """{"kind":"Jug","apiVersion":"kitchen.example.com/v1","spec":{"size":1,"list":[{"b":1,"a":null}]},"metadata":{"uid":"u","name":"n"}}""",
        """{"apiVersion":"kitchen.example.com/v1","kind":"Jug","metadata":{"name":"n","uid":"u"},"spec":{"list":[{"a":null,"b":1}],"size":1}}"""
    )]
    public void Own_kinds_come_as_structs_and_custom_resources_as_sorted_maps(string given, string expected)
    {
        var bytes = GoOrder.Encode((JsonObject)JsonNode.Parse(given)!);

        Assert.Equal(expected, Encoding.UTF8.GetString(bytes));
    }
}
