using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>Evaluates a parsed rule.</summary>
internal sealed class CelEvaluator(IReadOnlyDictionary<string, object?> variables)
{
    public object? Evaluate(CelNode node) =>
        node switch
        {
            CelNode.Literal literal => literal.Value,
            CelNode.Name name => variables[name.Text],
            CelNode.Field field => Select(Evaluate(field.Target), field.Text),
            CelNode.Has has => Evaluate(has.Target) is JsonObject map
                && map.TryGetPropertyValue(has.Text, out var value)
                && value is not null,
            CelNode.Index index => At(Evaluate(index.Target), Evaluate(index.Key)),
            CelNode.Unary { Operator: "!" } not => !Truth(Evaluate(not.Operand)),
            CelNode.Unary minus => Evaluate(minus.Operand) switch
            {
                long a => (object)-a,
                double a => -a,
                _ => throw Overload(),
            },
            CelNode.Conditional choice => Evaluate(Truth(Evaluate(choice.Test)) ? choice.Then : choice.Else),
            CelNode.Items items => new JsonArray([.. items.Values.Select(item => ToNode(Evaluate(item)))]),
            CelNode.Call call => Invoke(call),
            CelNode.Macro macro => Fold(macro),
            CelNode.Binary { Operator: "&&" } and => Logic(and, stop: false),
            CelNode.Binary { Operator: "||" } or => Logic(or, stop: true),
            CelNode.Binary binary => Operate(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
            _ => throw new InvalidOperationException($"unhandled node {node}"),
        };

    // The casts matter: without them, every scalar would turn back into a node by implicit conversion.
    public static object? FromNode(JsonNode? node) =>
        node switch
        {
            null => null,
            JsonObject or JsonArray => (object)node,
            _ when node.TryInteger(out var integer) => integer,
            _ when node.TryNumber(out var number) => number,
            _ when node.Flag() is { } flag => flag,
            _ => node.Text(),
        };

    private static JsonNode? ToNode(object? value) =>
        value switch
        {
            JsonNode node => node.DeepClone(),
            long number => JsonValue.Create(number),
            double number => JsonValue.Create(number),
            bool flag => JsonValue.Create(flag),
            string text => JsonValue.Create(text),
            _ => null,
        };

    private object? Invoke(CelNode.Call call)
    {
        var arguments = call.Arguments.Select(Evaluate).ToList();
        return call.Target is null
            ? CelFunctions.Call(call.Function, arguments[0], arguments[1..])
            : CelFunctions.Call(call.Function, Evaluate(call.Target), arguments);
    }

    // An error on one side does not matter when the other side decides.
    private bool Logic(CelNode.Binary node, bool stop)
    {
        CelException? fault = null;
        foreach (var side in new[] { node.Left, node.Right })
        {
            try
            {
                if (Truth(Evaluate(side)) == stop)
                    return stop;
            }
            catch (CelException problem)
            {
                fault ??= problem;
            }
        }
        return fault is null ? !stop : throw fault;
    }

    private object? Fold(CelNode.Macro macro)
    {
        var items = Evaluate(macro.Target) switch
        {
            JsonArray list => list.Select(FromNode).ToList(),
            JsonObject map => [.. map.Select(pair => (object?)pair.Key)],
            _ => throw Overload(),
        };
        object? Body(object? item) =>
            new CelEvaluator(new Dictionary<string, object?>(variables) { [macro.Variable] = item }).Evaluate(macro.Body);
        return macro.Kind switch
        {
            "all" => items.All(item => Truth(Body(item))),
            "exists" => items.Any(item => Truth(Body(item))),
            "exists_one" => items.Count(item => Truth(Body(item))) == 1,
            "filter" => new JsonArray([.. items.Where(item => Truth(Body(item))).Select(ToNode)]),
            _ => new JsonArray([.. items.Select(item => ToNode(Body(item)))]),
        };
    }

    private static object? Select(object? target, string name) =>
        target is JsonObject map && map.TryGetPropertyValue(name, out var value)
            ? FromNode(value)
            : throw new CelException($"no such key: {name}");

    private static object? At(object? target, object? key) =>
        (target, key) switch
        {
            (JsonArray list, long index) => index >= 0 && index < list.Count
                ? FromNode(list[(int)index])
                : throw new CelException($"index out of bounds: {index}"),
            (JsonObject map, string name) => Select(map, name),
            _ => throw Overload(),
        };

    private static object Operate(string @operator, object? left, object? right) =>
        (@operator, left, right) switch
        {
            ("==", _, _) => JsonAccess.Same(ToNode(left), ToNode(right)),
            ("!=", _, _) => !JsonAccess.Same(ToNode(left), ToNode(right)),
            ("in", _, JsonArray list) => list.Any(item => JsonAccess.Same(item, ToNode(left))),
            ("in", string key, JsonObject map) => map.ContainsKey(key),
            ("<", _, _) => Order(left, right) < 0,
            ("<=", _, _) => Order(left, right) <= 0,
            (">", _, _) => Order(left, right) > 0,
            (">=", _, _) => Order(left, right) >= 0,
            ("+", string a, string b) => a + b,
            ("+", JsonArray a, JsonArray b) => new JsonArray([.. a.Concat(b).Select(item => item?.DeepClone())]),
            ("/" or "%", long, 0L) => throw new CelException(@operator == "/" ? "division by zero" : "modulus by zero"),
            (_, long a, long b) => @operator switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                "%" => a % b,
                _ => throw Overload(),
            },
            (_, double a, double b) => @operator switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => throw Overload(),
            },
            _ => throw Overload(),
        };

    private static int Order(object? left, object? right) =>
        (left, right) switch
        {
            (long a, long b) => a.CompareTo(b),
            (long or double, long or double) => Convert.ToDouble(left).CompareTo(Convert.ToDouble(right)),
            (string a, string b) => string.CompareOrdinal(a, b),
            (bool a, bool b) => a.CompareTo(b),
            _ => throw Overload(),
        };

    private static bool Truth(object? value) => value as bool? ?? throw Overload();

    private static CelException Overload() => new("no such overload");
}
