using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;

namespace Sam.Unit.Tests.DevCluster;

public sealed class CelSubsetTests
{
    [Theory]
    [InlineData("self.a <= 5", true)]
    [InlineData("self.a * 2 + 1 == 7", true)]
    [InlineData("!has(self.missing) || self.missing > 3", true)]
    [InlineData("self.list.all(x, x.startsWith('a'))", false)]
    [InlineData("self.list.exists(x, x == 'b') && size(self.list) == 2", true)]
    [InlineData("self.name.matches('^[a-z]+$') ? self.a == 3 : false", true)]
    [InlineData("'b' in self.list", true)]
    [InlineData("-self.a < 0", true)]
    public void A_rule_of_the_subset_gives_its_value(string rule, bool expected)
    {
        var self = JsonNode.Parse("""{"a":3,"name":"web","list":["a","b"]}""");
        var evaluator = new CelEvaluator(new Dictionary<string, object?> { ["self"] = self, ["oldSelf"] = null });

        var value = evaluator.Evaluate(CelParser.Parse(rule));

        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("self.a <")]
    [InlineData("other.a == 1")]
    [InlineData("quantity(self.a).isLessThan(quantity('1'))")]
    [InlineData("")]
    public void A_rule_outside_of_the_subset_is_refused(string rule) => Assert.NotNull(CelParser.Problem(rule));
}
