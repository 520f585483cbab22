using System.Text.Json.Nodes;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>Estimates from above what an expression costs, in the units of the real server.</summary>
internal sealed class CelCost
{
    // Reading a text costs a tenth for each byte; a pattern a quarter for each byte of its own and each such tenth.
    private const double Reading = 0.1;
    private const double Pattern = 0.25;
    private const double NewList = 10;

    private readonly Dictionary<string, Value> _names;

    private CelCost(Dictionary<string, Value> names) => _names = names;

    /// <summary>What one run costs at most where <c>self</c> has the given schema.</summary>
    public static double Of(CelNode node, JsonObject self)
    {
        var value = Known(self);
        return new CelCost(new Dictionary<string, Value> { ["self"] = value, ["oldSelf"] = value }).Estimate(node).Cost;
    }

    private Value Estimate(CelNode node) =>
        node switch
        {
            CelNode.Literal literal => new Value(0, literal.Value is string text ? text.Length : 1, null),
            CelNode.Name name => _names.GetValueOrDefault(name.Text, Unknown) with { Cost = 1 },
            CelNode.Field field => Member(Estimate(field.Target), field.Text),
            CelNode.Has has => new Value(Estimate(has.Target).Cost + 1, 1, null),
            CelNode.Index index => Element(Estimate(index.Target), Estimate(index.Key)),
            CelNode.Unary unary => new Value(Estimate(unary.Operand).Cost + 1, 1, null),
            CelNode.Conditional choice => Choice(choice),
            CelNode.Items items => new Value(NewList + items.Values.Sum(value => Estimate(value).Cost), items.Values.Count, null),
            CelNode.Typed typed => Estimate(typed.Inner),
            CelNode.Binary binary => Binary(binary.Operator, Estimate(binary.Left), Estimate(binary.Right)),
            CelNode.Macro macro => Loop(macro),
            CelNode.Call call => Call(call),
            _ => Unknown,
        };

    private static Value Member(Value target, string name)
    {
        var schema = target.Schema.At("properties", name) as JsonObject ?? target.Schema.Object("additionalProperties");
        return Known(schema) with { Cost = target.Cost + 1 };
    }

    private static Value Element(Value target, Value key)
    {
        var schema = target.Schema.Object("items") ?? target.Schema.Object("additionalProperties");
        return Known(schema) with { Cost = target.Cost + key.Cost + 1 };
    }

    private Value Choice(CelNode.Conditional choice)
    {
        var (then, otherwise) = (Estimate(choice.Then), Estimate(choice.Else));
        var larger = then.Size >= otherwise.Size ? then : otherwise;
        return larger with { Cost = Estimate(choice.Test).Cost + Math.Max(then.Cost, otherwise.Cost) };
    }

    private static Value Binary(string symbol, Value left, Value right)
    {
        var operands = left.Cost + right.Cost;
        return symbol switch
        {
            "&&" or "||" => new Value(operands, 1, null),
            "in" => new Value(operands + right.Size, 1, null),
            "==" or "!=" or "<" or "<=" or ">" or ">=" => new Value(
                operands + Math.Ceiling(Math.Min(left.Size, right.Size) * Reading),
                1,
                null
            ),
            // Lists are joined in one step; of numbers nobody knows here that they are none.
            "+" when left.IsList || right.IsList => new Value(operands + 1, left.Size + right.Size, left.Schema),
            "+" when left.IsText || right.IsText => new Value(
                operands + Math.Ceiling((left.Size + right.Size) * Reading),
                left.Size + right.Size,
                null
            ),
            _ => new Value(operands + 1, 1, null),
        };
    }

    private Value Loop(CelNode.Macro macro)
    {
        var range = Estimate(macro.Target);
        var element = range.Schema.Object("items") is { } items ? Known(items) : new Value(0, 0, Text);
        var inside = new CelCost(new Dictionary<string, Value>(_names) { [macro.Variable] = element });
        var body = inside.Estimate(macro.Body).Cost + (macro.Filter is { } filter ? inside.Estimate(filter).Cost : 0);
        // What the loop itself does in each round: look at the result so far, and add to it.
        var step = macro.Kind switch
        {
            "all" => 3,
            "exists" => 4,
            "map" or "filter" => 2 + NewList,
            _ => 2,
        };
        var isList = macro.Kind is "map" or "filter";
        var rounds = range.Size * (body + step);
        return new Value(
            range.Cost + 1 + (double.IsNaN(rounds) ? 0 : rounds) + (isList ? NewList : 0),
            isList ? range.Size : 1,
            isList ? (macro.Kind == "filter" ? range.Schema : AnyList) : null
        );
    }

    private Value Call(CelNode.Call call)
    {
        var target = call.Target is null ? (Value?)null : Estimate(call.Target);
        var arguments = call.Arguments.Select(Estimate).ToList();
        var operands = (target?.Cost ?? 0) + arguments.Sum(argument => argument.Cost);
        var subject = target ?? arguments.FirstOrDefault() ?? Unknown;
        var first = target is null ? null : arguments.FirstOrDefault();
        return (call.Function, first) switch
        {
            ("matches", { } pattern) => new Value(
                operands + (Math.Ceiling((subject.Size + 1) * Reading) * Math.Ceiling(pattern.Size * Pattern)),
                1,
                null
            ),
            ("contains", { } part) when !subject.IsList => new Value(
                operands + (Math.Ceiling(subject.Size * Reading) * Math.Ceiling(part.Size * Reading)),
                1,
                null
            ),
            ("startsWith" or "endsWith", { } part) => new Value(operands + Math.Ceiling(part.Size * Reading), 1, null),
            ("string", _) => new Value(operands + 1, subject.IsText ? subject.Size : double.PositiveInfinity, Text),
            ("size" or "int" or "double" or "bool" or "type" or "hasValue", _) => new Value(operands + 1, 1, null),
            ("value" or "orValue", _) => subject with { Cost = operands + 1 },
            _ => new Value(operands + 1 + Math.Ceiling(subject.Size * Reading), subject.Size, subject.Schema),
        };
    }

    private static readonly JsonObject Text = new() { ["type"] = "string" };

    private static readonly JsonObject AnyList = new() { ["type"] = "array" };

    private static readonly Value Unknown = new(1, 1, null);

    private static Value Known(JsonObject? schema) => schema is null ? Unknown : new Value(0, CelSizes.Most(schema), schema);

    private sealed record Value(double Cost, double Size, JsonObject? Schema)
    {
        public bool IsText => Schema.Text("type") == "string";

        public bool IsList => Schema.Text("type") == "array";
    }
}
