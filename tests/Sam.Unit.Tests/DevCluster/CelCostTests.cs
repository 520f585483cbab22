using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Schemas;

namespace Sam.Unit.Tests.DevCluster;

public sealed class CelCostTests
{
    public static TheoryData<string, string> Bounded =>
        [
            ("""{"type":"string"}""", "self.size() < 10"),
            ("""{"type":"string","maxLength":100}""", "self.matches('^[a-z]+$')"),
            (
                """{"type":"array","maxItems":20,"items":{"type":"string","maxLength":20}}""",
                "self.all(x, self.exists_one(y, x == y))"
            ),
            (
                """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}""",
                "self.a <= self.b || self.b == 0"
            ),
        ];

    [Theory]
    [MemberData(nameof(Bounded))]
    public void A_rule_over_what_has_bounds_is_accepted(string schema, string rule)
    {
        var errors = Check(schema, rule);

        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "self.all(x, self.all(y, x == y))")]
    [InlineData("""{"type":"string"}""", "self.matches('^[a-z]{1,20}(-[a-z]{1,20})*$') && self.contains(self)")]
    public void A_rule_that_grows_without_bounds_is_refused_alone_and_as_part_of_the_whole(string schema, string rule)
    {
        var errors = Check(schema, rule);

        Assert.Equal(
            ["root.x-kubernetes-validations[0].rule", "root.x-kubernetes-validations[0].rule", "root"],
            errors.Select(error => error.Field)
        );
        Assert.Contains("more than 100x", errors[0].Body);
        Assert.Contains("contributed to estimated rule cost total", errors[1].Body);
    }

    [Fact]
    public void The_factor_by_which_a_rule_is_too_dear_is_said()
    {
        // 100,000 rounds of 140 units and more.
        const string schema = """{"type":"array","maxItems":100000,"items":{"type":"string","maxLength":340}}""";

        var errors = Check(schema, "self.all(x, x == x)");

        var error = Assert.Single(errors);
        Assert.Contains("exceeds budget by factor of 1.41", error.Body);
    }

    [Theory]
    [InlineData(100, 100, false)]
    [InlineData(100_000, 10_000, true)]
    public void A_rule_counts_once_for_every_place_where_it_may_stand(int lists, int items, bool isTooDear)
    {
        const string text = """{"type":"string","x-kubernetes-validations":[{"rule":"self.startsWith('a')"}]}""";
        var inner = $$"""{"type":"array","maxItems":{{items}},"items":{{text}}}""";

        var errors = CelCheck.Schema(Read($$"""{"type":"array","maxItems":{{lists}},"items":{{inner}}}"""), "root");

        Assert.Equal(isTooDear, errors.Exists(error => error.Field == "root.items.items.x-kubernetes-validations[0].rule"));
    }

    [Fact]
    public void A_message_of_unknown_length_is_refused_by_its_own_name()
    {
        var schema = Read(
            """{"type":"integer","x-kubernetes-validations":[{"rule":"self < 3","messageExpression":"'was ' + string(self)"}]}"""
        );

        var errors = CelCheck.Schema(schema, "root");

        Assert.Equal("root.x-kubernetes-validations[0].messageExpression", errors[0].Field);
        Assert.Contains("estimated messageExpression cost", errors[0].Body);
    }

    private static List<FieldError> Check(string schema, string rule)
    {
        var read = Read(schema);
        read["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = rule });
        return CelCheck.Schema(read, "root");
    }

    private static JsonObject Read(string schema) => (JsonObject)JsonNode.Parse(schema)!;
}
