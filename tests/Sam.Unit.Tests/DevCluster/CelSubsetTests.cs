using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;

namespace Sam.Unit.Tests.DevCluster;

public sealed class CelSubsetTests
{
    private static readonly JsonObject Schema = (JsonObject)
        JsonNode.Parse(
            """
            {"type":"object","properties":{"a":{"type":"integer"},"d":{"type":"string","format":"duration"},
             "t":{"type":"string","format":"date-time"},"n":{"type":"number"},"s":{"type":"string"},"secret-ref":{"type":"string"},
             "l":{"type":"array","items":{"type":"string"}},"m":{"type":"object","additionalProperties":{"type":"integer"}}}}
            """
        )!;

    public static TheoryData<string, string?> Rows => [.. CelTable.Rows.Select(row => (row.Expression, row.Value))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_expression_of_the_subset_gives_its_value(string expression, string? expected)
    {
        var value = CelTable.Evaluate(expression);

        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("self.d < duration('1h')", "{\"d\":\"5m\"}", true)]
    [InlineData("self.t > timestamp('2020-01-01T00:00:00Z')", "{\"t\":\"2021-01-01T00:00:00Z\"}", true)]
    [InlineData("self.n > 0.5", "{\"n\":1}", true)]
    [InlineData("self.secret__dash__ref == 'x'", "{\"secret-ref\":\"x\"}", true)]
    [InlineData("quantity(self.s).isLessThan(quantity('1Gi'))", "{\"s\":\"5Mi\"}", true)]
    [InlineData("self.l.isSorted() && self.l.size() == 2", "{\"l\":[\"a\",\"b\"]}", true)]
    [InlineData("self.m.exists(k, self.m[k] > 1)", "{\"m\":{\"x\":1}}", false)]
    public void A_rule_reads_values_as_the_schema_types_them(string rule, string self, bool expected)
    {
        var compiled = Rule(rule).Expression;

        var value = new CelEvaluator(new Dictionary<string, object?> { ["self"] = JsonNode.Parse(self) }).Evaluate(compiled);

        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("self.a <", "Syntax error: mismatched input '<EOF>'")]
    [InlineData("other.a == 1", "undeclared reference to 'other'")]
    [InlineData("self.b == 1", "undefined field 'b'")]
    [InlineData("self.a == 'x'", "found no matching overload for '_==_' applied to '(int, string)'")]
    [InlineData("self.s.size() == 1.0", "found no matching overload for '_==_' applied to '(int, double)'")]
    [InlineData("self.l.all(x, x > 1)", "found no matching overload for '_>_' applied to '(string, int)'")]
    [InlineData("self.s.startsWith(1)", "found no matching overload for 'startsWith' applied to 'string.(int)'")]
    [InlineData("foo(self.a)", "undeclared reference to 'foo'")]
    [InlineData("ip(self.s).family() == 4", "'ip' is outside of the subset")]
    [InlineData("{'a': 1}.a == 1", "map literals are outside of the subset")]
    [InlineData("self.a == 1u", "unsigned integers are outside of the subset")]
    [InlineData("self.l.all(i, v, v == 'x')", "this form of all() is outside of the subset")]
    public void A_rule_outside_of_the_subset_or_the_schema_is_refused(string rule, string reason)
    {
        var fault = Assert.Throws<CelException>(() => Rule(rule).Expression);

        Assert.StartsWith(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_rule_fails_the_definition_at_its_place_in_the_text()
    {
        var schema = Schema.DeepClone().AsObject();
        schema["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = "self.a > 1 && self.b" });

        var error = Assert.Single(CelCheck.Schema(schema, "spec.schema"));

        Assert.Equal("spec.schema.x-kubernetes-validations[0].rule", error.Field);
        Assert.EndsWith(
            "compilation failed: ERROR: <input>:1:19: undefined field 'b'\n | self.a > 1 && self.b\n | ..................^",
            error.Body,
            StringComparison.Ordinal
        );
    }

    private static CelRule Rule(string rule) => CelRule.Read(new JsonObject { ["rule"] = rule }, CelType.Of(Schema));
}
