using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;

namespace Sam.Unit.Tests.DevCluster;

/// <summary>Expressions with their values over one object; the same table goes through this evaluator and another one.</summary>
internal static class CelTable
{
    public const string Self =
        """{"a":3,"b":-2,"d":1.5,"name":"web-1","flag":true,"empty":[],"list":["a","b"],"numbers":[1,2,3],"map":{"x":1,"y":2},"nested":{"k":{"n":7}}}""";

    /// <summary>An expression, and its value as JSON; null when it fails.</summary>
    public static readonly IReadOnlyList<(string Expression, string? Value)> Rows =
    [
        ("self.a <= 5", "true"),
        ("self.a * 2 + 1 == 7", "true"),
        ("self.a - 5", "-2"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("self.a / 0", null),
        ("-self.b", "2"),
        ("self.d * 2.0", "3"),
        ("self.a > 1 ? 'many' : 'few'", "\"many\""),
        ("has(self.missing)", "false"),
        ("has(self.nested.k) && self.nested.k.n == 7", "true"),
        ("!has(self.missing) || self.missing > 3", "true"),
        ("self.flag || 1 / 0 > 0", "true"),
        ("1 / 0 > 0 || self.flag", "true"),
        ("!self.flag && 1 / 0 > 0", "false"),
        ("self.list.all(x, x.startsWith('a'))", "false"),
        ("self.list.exists(x, x == 'b') && size(self.list) == 2", "true"),
        ("self.numbers.exists_one(x, x > 2)", "true"),
        ("self.numbers.filter(x, x % 2 == 1)", "[1,3]"),
        ("self.numbers.map(x, x * x)", "[1,4,9]"),
        ("self.numbers.map(x, x > 1, x * 10)", "[20,30]"),
        ("self.empty.all(x, x == 1)", "true"),
        ("self.map.all(k, self.map[k] > 0)", "true"),
        ("'b' in self.list", "true"),
        ("'z' in self.map", "false"),
        ("self.list[1]", "\"b\""),
        ("self.list[2]", null),
        ("self.map['x'] + self.map.y", "3"),
        ("self.map['z']", null),
        ("self.list + ['c']", "[\"a\",\"b\",\"c\"]"),
        ("self.list == ['a', 'b']", "true"),
        ("'web' + '-' + string(self.a)", "\"web-3\""),
        ("self.name.matches('^[a-z]+-[0-9]$')", "true"),
        ("self.name.contains('eb') && self.name.endsWith('1')", "true"),
        ("self.name.size()", "5"),
        ("self.name.split('-')", "[\"web\",\"1\"]"),
        ("self.list.join('_')", "\"a_b\""),
        ("self.name.substring(0, 3)", "\"web\""),
        ("self.name.indexOf('-')", "3"),
        ("'AbC'.lowerAscii()", "\"abc\""),
        ("' x '.trim()", "\"x\""),
        ("int('42') + 1", "43"),
        ("int('x')", null),
        ("double('1.5') > 1.0", "true"),
        ("string(1.5)", "\"1.5\""),
        ("duration('1h30m') > duration('89m')", "true"),
        ("duration('1h').getMinutes()", "60"),
        ("timestamp('2024-03-01T00:00:00Z') > timestamp('2024-02-29T23:59:59Z')", "true"),
        ("timestamp('2024-03-01T00:00:00Z') - timestamp('2024-02-29T00:00:00Z') == duration('24h')", "true"),
        ("timestamp('2024-02-29T12:00:00Z').getFullYear()", "2024"),
        ("null == null", "true"),
        (@"'a\tb'.size()", "3"),
        (@"r'\d' == '\\d'", "true"),
    ];

    /// <summary>The value as JSON; null when the evaluation fails.</summary>
    public static string? Evaluate(string expression)
    {
        var variables = new Dictionary<string, object?> { ["self"] = JsonNode.Parse(Self) };
        var node = CelExpressions.Compile(expression, variables.Keys);
        try
        {
            return ToJson(new CelEvaluator(variables).Evaluate(node));
        }
        catch (CelException)
        {
            return null; // that it fails is what the table says
        }
    }

    private static string ToJson(object? value) =>
        CelValues.Items(value) is { } list
            ? $"[{string.Join(',', list.Select(ToJson))}]"
            : System.Text.Json.JsonSerializer.Serialize(value);
}
