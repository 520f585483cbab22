using System.Text.Json.Nodes;
using Sam.Crds.Generator.Checks;

namespace Sam.Unit.Tests.Crds;

public sealed class StructuralCheckTests
{
    // One table, so one long member.
#pragma warning disable MA0051
    public static TheoryData<string, string> Refused =>
        new()
        {
            { """{}""", "x: has the type ''" },
            { """{"type":"text"}""", "x: has the type 'text'" },
            { """{"type":"object","$ref":"#/definitions/a"}""", "x: has the key $ref" },
            { """{"type":"object","properties":{"a":{"description":"no type"}}}""", "x.a: has the type ''" },
            { """{"type":"object","required":["a"],"properties":{}}""", "x: requires a, which it does not have" },
            { """{"type":"object","properties":{},"additionalProperties":{"type":"string"}}""", "x: has both" },
            { """{"type":"object","additionalProperties":false}""", "x: additionalProperties is not a schema" },
            { """{"type":"string","properties":{}}""", "x: properties is for the type object" },
            { """{"type":"integer","format":"int32","maxLength":3}""", "x: maxLength is for the type string" },
            { """{"type":"integer"}""", "x: has the format ''" },
            { """{"type":"string","pattern":"(?=a)b"}""", "x: the pattern is not RE2" },
            { """{"type":"string","pattern":"(a)\\1"}""", "x: the pattern is not RE2" },
            { """{"type":"string","minLength":3,"maxLength":2}""", "x: minLength is above maxLength" },
            { """{"type":"integer","format":"int64","minimum":3,"maximum":2}""", "x: minimum is above maximum" },
            { """{"type":"string","enum":[]}""", "x: has an empty enum" },
            { """{"type":"string","enum":["a","a"]}""", "x: has an enum with a repeated value" },
            { """{"type":"array"}""", "x: an array has no items" },
            { """{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"set"}""", "x: a set holds scalars" },
            { """{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"heap"}""", "x: the list type 'heap'" },
            {
                """{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"map"}""",
                "x: a list of type map needs keys"
            },
            {
                """{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a"]}""",
                "x: the key a is neither required nor defaulted"
            },
            {
                """{"type":"array","items":{"type":"object","properties":{}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a"]}""",
                "x: the key a is no property"
            },
            { """{"type":"array","items":{"type":"string"}}""", "x: has no list type" },
            {
                """{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set","x-kubernetes-list-map-keys":["a"]}""",
                "x: only a list of type map has keys"
            },
            {
                """{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a"]}""",
                "x: a list of type map holds objects"
            },
            {
                """{"type":"array","items":{"type":"object","required":["a"],"properties":{"a":{"type":"object"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a"]}""",
                "x: the key a is no scalar"
            },
            { """{"type":"object","x-kubernetes-map-type":"set"}""", "x: has the map type 'set'" },
            { """{"type":"string","x-kubernetes-map-type":"atomic"}""", "x: x-kubernetes-map-type is for the type object" },
            { """{"type":"object","properties":{"a":true}}""", "x: the property a is no schema" },
            { """{"type":"string","format":"mail"}""", "x: has the format 'mail'" },
            { """{"type":"object","nullable":true}""", "x: has the key nullable" },
            { """{"type":"string","default":3}""", "x: is no string (in the default)" },
            { """{"type":"string","default":null}""", "x: the default is null" },
            { """{"type":"string","maxLength":1,"default":"ab"}""", "x: has 2 characters (in the default)" },
            { """{"type":"string","enum":["a"],"default":"b"}""", "x: 'b' is none of a (in the default)" },
            { """{"type":"object","properties":{},"default":{"a":1}}""", "x.a: is no field (in the default)" },
            {
                """{"type":"object","required":["a"],"properties":{"a":{"type":"string"}},"default":{}}""",
                "x.a: is required (in the default)"
            },
        };
#pragma warning restore MA0051

    [Theory, MemberData(nameof(Refused))]
    public void Refuses_what_a_server_refuses(string schema, string problem)
    {
        var problems = StructuralCheck.ProblemsBelow((JsonObject)JsonNode.Parse(schema)!, "x");

        Assert.Contains(problems, found => found.StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"string","pattern":"^a+$","minLength":1,"maxLength":3,"default":"aa"}""")]
    [InlineData("""{"type":"integer","format":"int64","minimum":1,"default":1}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"},"maxProperties":3}""")]
    [InlineData(
        """{"type":"array","items":{"type":"object","properties":{"a":{"type":"string","default":"b"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a"]}"""
    )]
    public void Accepts_what_a_server_accepts(string schema)
    {
        var problems = StructuralCheck.ProblemsBelow((JsonObject)JsonNode.Parse(schema)!, "x");

        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("""{"type":"object","default":{}}""", "the root has a default")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "the root is not an object")]
    [InlineData(
        """{"type":"object","properties":{"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}""",
        "metadata: has more"
    )]
    public void Refuses_a_root_that_is_no_Kubernetes_object(string schema, string problem)
    {
        var problems = StructuralCheck.Problems((JsonObject)JsonNode.Parse(schema)!);

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }
}
