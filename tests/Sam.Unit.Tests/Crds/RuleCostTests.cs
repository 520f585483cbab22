using System.Text.Json.Nodes;
using Sam.Crds.Generator.Checks;

namespace Sam.Unit.Tests.Crds;

public sealed class RuleCostTests
{
    [Theory]
    [InlineData(1000, "self.text == ''", true)]
    [InlineData(100_000_000, "self.text == ''", false)]
    [InlineData(100_000, "self.text.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')", true)]
    [InlineData(10_000_000, "self.text.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')", false)]
    public void A_text_costs_by_its_length(int maxLength, string rule, bool isAffordable)
    {
        var schema = Schema($$"""{"type": "string", "maxLength": {{maxLength}}}""", rule);

        Assert.Equal(isAffordable, RuleCost.Problems(schema).Count == 0);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(10_000, false)]
    public void A_macro_in_a_macro_costs_by_the_square_of_the_list(int maxItems, bool isAffordable)
    {
        var list = $$"""{"type": "array", "maxItems": {{maxItems}}, "items": {"type": "string", "maxLength": 8} }""";

        var problems = RuleCost.Problems(Schema(list, "self.text.all(a, self.text.exists_one(b, b == a))"));

        Assert.Equal(isAffordable, problems.Count == 0);
    }

    [Fact]
    public void A_rule_costs_once_per_entry_of_every_list_above_it()
    {
        var rule = Schema("""{"type": "string", "maxLength": 100}""", "self.text != ''").ToJsonString();
        var lists = $$"""{"type":"array","maxItems":1000,"items":{"type":"array","maxItems":1000,"items":{{rule}} } }""";

        var problems = RuleCost.Problems((JsonObject)JsonNode.Parse(lists)!);

        Assert.Contains(
            problems,
            problem => problem.StartsWith("[][]: the rule self.text != '' may cost", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Many_rules_that_are_affordable_alone_can_be_too_dear_together()
    {
        var schema = Schema("""{"type": "string", "maxLength": 20000000}""", "self.text != ''");
        var rules = (JsonArray)schema["x-kubernetes-validations"]!;
        for (var i = 0; i < 20; i++)
            rules.Add(rules[0]!.DeepClone());

        var problems = RuleCost.Problems(schema);

        Assert.Contains(problems, problem => problem.StartsWith("all rules together may cost", StringComparison.Ordinal));
    }

    private static JsonObject Schema(string text, string rule) =>
        new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("text"),
            ["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = rule, ["message"] = "does not hold" }),
            ["properties"] = new JsonObject { ["text"] = JsonNode.Parse(text) },
        };
}
