using System.Text.Json.Nodes;
using Sam.Crds.Generator.Checks;
using Sam.Crds.Generator.Reading;
using Sam.Crds.Generator.Schemas;

namespace Sam.Unit.Tests.Crds;

public sealed class SchemaBuilderTests
{
    private static readonly XmlDocs Docs = XmlDocs.Of(typeof(FullFixture).Assembly);

    [Theory]
    [InlineData("name", """{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z]+$"}""")]
    [InlineData("colour", """{"type":"string","default":"Green","enum":["Red","Green"]}""")]
    [InlineData("count", """{"type":"integer","default":3,"format":"int32","minimum":1,"maximum":9}""")]
    [InlineData("large", """{"type":"integer","format":"int64","minimum":1}""")]
    [InlineData("enabled", """{"type":"boolean","default":true}""")]
    [InlineData("at", """{"type":"string","format":"date-time"}""")]
    [InlineData(
        "words",
        """{"type":"array","maxItems":4,"x-kubernetes-list-type":"set","items":{"type":"string","minLength":1,"maxLength":8,"pattern":"^[a-z]+$"}}"""
    )]
    [InlineData("labels", """{"type":"object","maxProperties":6,"additionalProperties":{"type":"string","maxLength":63}}""")]
    public void Describes_a_field_by_its_type_and_attributes(string field, string expected)
    {
        var node = (JsonObject)Property(Build(typeof(FullFixture)).Schema, field).DeepClone();

        node.Remove("description");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(node.ToJsonString())), node.ToJsonString());
    }

    [Fact]
    public void Reads_durations_as_texts_with_their_pattern()
    {
        var wait = Property(Build(typeof(FullFixture)).Schema, "wait");

        Assert.Equal("string", wait["type"]!.GetValue<string>());
        Assert.Equal("5m", wait["default"]!.GetValue<string>());
        Assert.Equal(Sam.Crds.Duration.Pattern, wait["pattern"]!.GetValue<string>());
    }

    [Fact]
    public void Merges_a_list_by_its_keys()
    {
        var parts = Property(Build(typeof(FullFixture)).Schema, "parts");

        Assert.Equal("map", parts["x-kubernetes-list-type"]!.GetValue<string>());
        Assert.Equal("""["name"]""", parts["x-kubernetes-list-map-keys"]!.ToJsonString());
    }

    [Fact]
    public void Takes_the_default_of_an_object_from_its_JSON()
    {
        var part = Property(Build(typeof(FullFixture)).Schema, "part");

        Assert.Equal("""{"name":"main"}""", part["default"]!.ToJsonString());
    }

    [Fact]
    public void Writes_descriptions_on_one_line_with_code_in_backticks()
    {
        var name = Property(Build(typeof(FullFixture)).Schema, "name");

        Assert.Equal("A name over `two` lines, see `FixtureColour`.", name["description"]!.GetValue<string>());
    }

    [Fact]
    public void Lists_the_meaning_of_every_enum_value()
    {
        var colour = Property(Build(typeof(FullFixture)).Schema, "colour");

        Assert.Equal("A colour.\nRed: Like blood.\nGreen: Like grass.", colour["description"]!.GetValue<string>());
    }

    [Fact]
    public void Requires_only_what_is_marked()
    {
        var (schema, problems) = Build(typeof(FullFixture));

        Assert.Equal("""["name"]""", schema["required"]!.ToJsonString());
        Assert.Empty(problems);
        Assert.Empty(StructuralCheck.ProblemsBelow(schema, "fixture"));
    }

    [Fact]
    public void Keeps_an_immutable_field_by_a_transition_rule()
    {
        var id = Property(Build(typeof(FixedFixture)).Schema, "id");

        Assert.Equal(
            """[{"rule":"self == oldSelf","message":"id cannot change; make another"}]""",
            id["x-kubernetes-validations"]!.ToJsonString()
        );
    }

    [Fact]
    public void Keeps_an_immutable_optional_field_from_being_removed_and_set_again()
    {
        var (schema, problems) = Build(typeof(FixedFixture));

        Assert.Equal(
            """[{"rule":"has(self.owner) == has(oldSelf.owner)","message":"owner cannot be set or removed later; make another"}]""",
            schema["x-kubernetes-validations"]!.ToJsonString()
        );
        Assert.Equal("self == oldSelf", Property(schema, "owner")["x-kubernetes-validations"]![0]!["rule"]!.GetValue<string>());
        Assert.Empty(problems.Concat(StructuralCheck.ProblemsBelow(schema, "fixture")));
    }

    [Fact]
    public void Marks_what_is_replaced_as_a_whole()
    {
        var part = Property(Build(typeof(FixedFixture)).Schema, "part");

        Assert.Equal("atomic", part["x-kubernetes-map-type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("spec.undecided: needs exactly one of [ListMap], [ListSet] and [ListAtomic]")]
    [InlineData("spec.torn: needs exactly one of [ListMap], [ListSet] and [ListAtomic]")]
    [InlineData("spec.undescribed: has no description")]
    [InlineData("spec.unbounded: has no [Length]")]
    [InlineData("spec.number: has no [Bounds]")]
    [InlineData("spec.list: has no [MaxItems]")]
    [InlineData("spec.time: TimeSpan has no schema")]
    [InlineData("spec.again: WrongFixture contains itself")]
    [InlineData("spec.reversed: the minimum 9 is above the maximum 1")]
    public void Refuses_a_field_that_cannot_be_described(string expected)
    {
        var (_, problems) = Build(typeof(WrongFixture));

        Assert.Contains(problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));
    }

    private static (JsonObject Schema, IReadOnlyList<string> Problems) Build(Type type)
    {
        var builder = new SchemaBuilder(Docs);
        return (builder.Object(type, "spec", Strictness.Spec), builder.Problems);
    }

    private static JsonObject Property(JsonObject schema, string name) => (JsonObject)schema["properties"]![name]!;
}
