using System.Text.Json.Nodes;

namespace Sam.DevCluster.Cel;

/// <summary>Evaluates a checked expression.</summary>
internal sealed class CelEvaluator(IReadOnlyDictionary<string, object?> variables)
{
    public object? Evaluate(CelNode node) =>
        node switch
        {
            CelNode.Literal literal => literal.Value,
            CelNode.Name name => variables[name.Text],
            CelNode.Field field => Select(Evaluate(field.Target), field.Text),
            CelNode.Has has => Evaluate(has.Target) is JsonObject map
                && map.TryGetPropertyValue(CelType.Unescape(has.Text), out var value)
                && value is not null,
            CelNode.Index index => At(Evaluate(index.Target), Evaluate(index.Key)),
            CelNode.Typed typed => Read(Evaluate(typed.Inner), typed.Type),
            CelNode.Unary { Operator: "!" } not => !Truth(Evaluate(not.Operand)),
            CelNode.Unary minus => Evaluate(minus.Operand) switch
            {
                long a => (object)-a,
                double a => -a,
                _ => throw CelValues.NoOverload(),
            },
            CelNode.Conditional choice => Evaluate(Truth(Evaluate(choice.Test)) ? choice.Then : choice.Else),
            CelNode.Items items => items.Values.Select(Evaluate).ToList(),
            CelNode.Call call => Invoke(call),
            CelNode.Macro macro => Fold(macro),
            CelNode.Binary { Operator: "&&" } and => Logic([and.Left, and.Right], Evaluate, stop: false),
            CelNode.Binary { Operator: "||" } or => Logic([or.Left, or.Right], Evaluate, stop: true),
            CelNode.Binary binary => CelOperators.Apply(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
            _ => throw new InvalidOperationException($"unhandled node {node}"),
        };

    private object? Invoke(CelNode.Call call)
    {
        var arguments = call.Arguments.Select(Evaluate).ToList();
        return call.Target is null
            ? CelFunctions.Call(call.Function, arguments[0], arguments[1..])
            : CelFunctions.Call(call.Function, Evaluate(call.Target), arguments);
    }

    // An error in one part does not matter when another part decides.
    private static bool Logic<T>(IEnumerable<T> parts, Func<T, object?> test, bool stop)
    {
        CelException? fault = null;
        foreach (var part in parts)
        {
            try
            {
                if (Truth(test(part)) == stop)
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
        var target = Evaluate(macro.Target);
        var items = target is JsonObject map
            ? [.. map.Select(pair => (object?)pair.Key)]
            : CelValues.Items(target) ?? throw CelValues.NoOverload();
        object? With(object? item, CelNode body) =>
            new CelEvaluator(new Dictionary<string, object?>(variables) { [macro.Variable] = item }).Evaluate(body);
        object? Body(object? item) => With(item, macro.Body);
        return macro.Kind switch
        {
            "all" => Logic(items, Body, stop: false),
            "exists" => Logic(items, Body, stop: true),
            "exists_one" => items.Count(item => Truth(Body(item))) == 1,
            "filter" => items.Where(item => Truth(Body(item))).ToList(),
            _ => items.Where(item => macro.Filter is null || Truth(With(item, macro.Filter))).Select(Body).ToList(),
        };
    }

    private static object? Select(object? target, string name) =>
        target is JsonObject map && map.TryGetPropertyValue(CelType.Unescape(name), out var value)
            ? CelValues.FromNode(value)
            : throw new CelException($"no such key: {name}");

    private static object? At(object? target, object? key)
    {
        if (target is JsonObject map && key is string name)
            return map.TryGetPropertyValue(name, out var value)
                ? CelValues.FromNode(value)
                : throw new CelException($"no such key: {name}");
        if (CelValues.Items(target) is not { } list || key is not long index)
            throw CelValues.NoOverload();
        return index >= 0 && index < list.Count ? list[(int)index] : throw new CelException($"index out of bounds: {index}");
    }

    // A value of the wrong form was refused by the schema before.
    private static object? Read(object? value, string type) =>
        (type, value) switch
        {
            ("double", long whole) => (double)whole,
            ("duration", string text) => CelTimes.Duration(text),
            ("timestamp", string text) => CelTimes.Timestamp(text),
            _ => value,
        };

    private static bool Truth(object? value) => value as bool? ?? throw CelValues.NoOverload();
}
