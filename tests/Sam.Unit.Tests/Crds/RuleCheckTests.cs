using System.Text.Json.Nodes;
using Sam.Crds.Generator.Checks;

namespace Sam.Unit.Tests.Crds;

public sealed class RuleCheckTests
{
    private const string Properties = """
        {
          "id": {"type": "string", "maxLength": 8},
          "mode": {"type": "string", "enum": ["A", "B"]},
          "note": {"type": "string"},
          "words": {"type": "array", "x-kubernetes-list-type": "atomic", "maxItems": 4, "items": {"type": "string", "maxLength": 4}},
          "texts": {"type": "array", "x-kubernetes-list-type": "atomic", "maxItems": 4, "items": {"type": "string"}},
          "list": {"type": "array", "x-kubernetes-list-type": "atomic", "items": {"type": "string", "maxLength": 4}},
          "optional": {"type": "string", "maxLength": 8},
          "part": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "maxLength": 8}}}
        }
        """;

    [Theory]
    [InlineData("self.id == oldSelf.id")]
    [InlineData("self.mode == 'A' || self.id != ''")]
    [InlineData("self.words.all(word, word != self.id)")]
    [InlineData("has(self.optional) != has(self.part)")]
    [InlineData("!has(self.part) || self.part.name == 'self.note'")]
    [InlineData("has(self.optional) == has(oldSelf.optional)")]
    public void Accepts_rules_whose_operands_are_bounded(string rule)
    {
        Assert.Empty(Problems(rule));
    }

    [Theory]
    [InlineData("self.note != ''", "self.note, which has no bound")]
    [InlineData("self.list.all(item, item != '')", "self.list, which has no bound")]
    [InlineData("self.texts.exists(text, text == '')", "self.texts, which has no bound")]
    [InlineData("self.words.all(word, word.all(letter, letter != ''))", "iterates over word")]
    [InlineData("self.namespace == ''", "CEL reserves namespace")]
    [InlineData("self.gone == ''", "self.gone, which does not exist")]
    [InlineData("self.part.gone == ''", "self.part.gone, which does not exist")]
    [InlineData("self.optional == ''", "self.optional, which may be absent")]
    [InlineData("self.part.name == ''", "self.part.name, which may be absent")]
    [InlineData(
        "!has(self.optional) || !has(oldSelf.optional) || self.optional == oldSelf.optional",
        "self.optional, which is optional: removing and setting it again would evade it"
    )]
    public void Refuses_rules_that_a_server_refuses_or_a_user_evades(string rule, string problem)
    {
        Assert.Contains(Problems(rule), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "self.id != ''", "a rule runs once per entry of a list or map without maxItems")]
    [InlineData("\"maxItems\": 3,", "self.id == oldSelf.id", "a transition rule below a list that is no map has no old self")]
    public void Refuses_rules_below_lists_that_they_cannot_stand_under(string limit, string rule, string problem)
    {
        var list = $$"""{"type": "array", {{limit}} "items": {{Schema(rule).ToJsonString()}}}""";

        var problems = StructuralCheck.ProblemsBelow((JsonObject)JsonNode.Parse(list)!, "x");

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "a rule is empty")]
    [InlineData("self.id != ''", "a rule needs a message of one line", "")]
    [InlineData("self.id != ''", "a rule needs a message of one line", "two\nlines")]
    public void Refuses_a_rule_that_says_nothing(string rule, string problem, string message = "says why")
    {
        var schema = Schema(rule);
        schema["x-kubernetes-validations"]![0]!["message"] = message;

        var problems = StructuralCheck.ProblemsBelow(schema, "x");

        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Problems(string rule) => StructuralCheck.ProblemsBelow(Schema(rule), "x");

    private static JsonObject Schema(string rule) =>
        new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("id", "mode", "note", "words", "texts", "list"),
            ["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = rule, ["message"] = "does not hold" }),
            ["properties"] = JsonNode.Parse(Properties),
        };
}
