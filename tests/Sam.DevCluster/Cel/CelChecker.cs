namespace Sam.DevCluster.Cel;

/// <summary>Finds the type of an expression, and makes it read JSON values as what the schema says they are.</summary>
internal sealed class CelChecker(IReadOnlyDictionary<string, CelType> variables)
{
    private static readonly string[] ReadAs = ["double", "duration", "timestamp"];

    public (CelNode Node, CelType Type) Check(CelNode node)
    {
        switch (node)
        {
            case CelNode.Literal literal:
                return (node, OfLiteral(literal.Value));
            case CelNode.Name name:
                return variables.TryGetValue(name.Text, out var known)
                    ? Read(node, known)
                    : throw new CelException($"undeclared reference to '{name.Text}' (in container '')", name.At);
            case CelNode.Field field:
                var (target, owner) = Check(field.Target);
                return Read(field with { Target = target }, FieldOf(owner, field.Text, field.At));
            case CelNode.Has has:
                var (holder, held) = Check(has.Target);
                FieldOf(held, has.Text, has.At);
                return (has with { Target = holder }, CelType.Bool);
            case CelNode.Index index:
                return CheckIndex(index);
            case CelNode.Unary unary:
                var (operand, of) = Check(unary.Operand);
                Require(
                    unary.Operator == "!" ? of.Fits(CelType.Bool) : of.Name is "int" or "double" || of.IsDyn,
                    unary.Operator == "!" ? "!_" : "-_",
                    unary.At,
                    of
                );
                return (unary with { Operand = operand }, of);
            case CelNode.Conditional choice:
                return CheckChoice(choice);
            case CelNode.Items items:
                var values = items.Values.Select(Check).ToList();
                var first = values.Count > 0 ? values[0].Type : CelType.Dyn;
                var same = values.TrueForAll(value => value.Type.Fits(first));
                return (
                    items with
                    {
                        Values = [.. values.Select(value => value.Node)],
                    },
                    CelType.List(same ? first : CelType.Dyn)
                );
            case CelNode.Call call:
                var receiver = call.Target is null ? ((CelNode Node, CelType Type)?)null : Check(call.Target);
                var arguments = call.Arguments.Select(Check).ToList();
                var result = CelSignatures.Resolve(
                    receiver?.Type,
                    call.Function,
                    [.. arguments.Select(pair => pair.Type)],
                    call.At
                );
                return (call with { Target = receiver?.Node, Arguments = [.. arguments.Select(pair => pair.Node)] }, result);
            case CelNode.Macro macro:
                return CheckMacro(macro);
            case CelNode.Binary binary:
                var (left, a) = Check(binary.Left);
                var (right, b) = Check(binary.Right);
                return (binary with { Left = left, Right = right }, CelOperators.Resolve(binary.Operator, a, b, binary.At));
            default:
                throw new CelException($"unhandled node {node}", node.At);
        }
    }

    private (CelNode Node, CelType Type) CheckIndex(CelNode.Index index)
    {
        var (target, owner) = Check(index.Target);
        var (key, by) = Check(index.Key);
        var fits =
            owner.IsDyn || (owner.Name == "list" && by.Fits(CelType.Int)) || (owner.Name == "map" && by.Fits(CelType.Text));
        Require(fits, "_[_]", index.At, owner, by);
        return Read(index with { Target = target, Key = key }, owner.Value ?? CelType.Dyn);
    }

    private (CelNode Node, CelType Type) CheckChoice(CelNode.Conditional choice)
    {
        var (test, condition) = Check(choice.Test);
        var (then, a) = Check(choice.Then);
        var (otherwise, b) = Check(choice.Else);
        Require(condition.Fits(CelType.Bool) && a.Fits(b), "_?_:_", choice.At, condition, a, b);
        return (choice with { Test = test, Then = then, Else = otherwise }, a.IsDyn ? b : a);
    }

    private (CelNode Node, CelType Type) CheckMacro(CelNode.Macro macro)
    {
        var (target, owner) = Check(macro.Target);
        if (!owner.IsDyn && owner.Name is not ("list" or "map"))
            throw new CelException(
                $"expression of type '{owner}' cannot be range of a comprehension (must be list, map, or dynamic)",
                macro.Target.At
            );
        var item = owner.Name == "map" ? CelType.Text : owner.Value ?? CelType.Dyn;
        var inner = new CelChecker(new Dictionary<string, CelType>(variables) { [macro.Variable] = item });
        var filter = macro.Filter is null ? ((CelNode Node, CelType Type)?)null : inner.Check(macro.Filter);
        var (body, type) = inner.Check(macro.Body);
        if (filter is { } tested)
            Require(tested.Type.Fits(CelType.Bool), "_?_:_", macro.At, tested.Type, owner, owner);
        if (macro.Kind != "map")
            Require(type.Fits(CelType.Bool), macro.Kind == "exists" ? "_||_" : "_&&_", macro.At, CelType.Bool, type);
        var result = macro.Kind switch
        {
            "map" => CelType.List(type),
            "filter" => CelType.List(item),
            _ => CelType.Bool,
        };
        return (macro with { Target = target, Filter = filter?.Node, Body = body }, result);
    }

    private static CelType FieldOf(CelType owner, string name, int at)
    {
        if (!owner.IsDyn && owner.Name is not ("map" or "object"))
            throw new CelException($"type '{owner}' does not support field selection", at);
        return owner.Field(name) ?? throw new CelException($"undefined field '{name}'", at);
    }

    private static (CelNode Node, CelType Type) Read(CelNode node, CelType type) =>
        (ReadAs.Contains(type.Name) ? new CelNode.Typed(node, type.Name) { At = node.At } : node, type);

    private static CelType OfLiteral(object? value) =>
        value switch
        {
            null => new CelType("null_type"),
            bool => CelType.Bool,
            long => CelType.Int,
            double => CelType.Double,
            _ => CelType.Text,
        };

    private static void Require(bool fits, string name, int at, params CelType[] types)
    {
        if (!fits)
            throw new CelException(
                $"found no matching overload for '{name}' applied to '({string.Join(", ", types.AsEnumerable())})'",
                at
            );
    }
}
