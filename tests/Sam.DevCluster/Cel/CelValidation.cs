using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Cel;

/// <summary>Runs the rules of a schema over an object, with the old value where it can be matched.</summary>
internal static class CelValidation
{
    public static bool HasRules(Schema schema) =>
        schema.Rules.Count > 0
        || schema.Properties.Values.Any(HasRules)
        || (schema.Items is { } items && HasRules(items))
        || (schema.Values is { } values && HasRules(values));

    public static List<FieldError> Check(JsonNode? node, JsonNode? old, Schema schema)
    {
        var errors = new List<FieldError>();
        if (HasRules(schema))
            Walk(node, old, schema, "", errors);
        return errors;
    }

    private static void Walk(JsonNode? node, JsonNode? old, Schema schema, string path, List<FieldError> errors)
    {
        foreach (var rule in schema.Rules)
            Run(rule, node, old, path, errors);
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.Where(pair => pair.Value is not null))
                {
                    if (schema.Properties.TryGetValue(name, out var property))
                        Walk(value, old.Child(name), property, path.Length == 0 ? name : $"{path}.{name}", errors);
                    else if (schema.Values is { } values)
                        Walk(value, old.Child(name), values, $"{path}[{name}]", errors);
                }
                break;
            case JsonArray list when schema.Items is { } items:
                for (var index = 0; index < list.Count; index++)
                    Walk(list[index], Matching(list[index], old as JsonArray, schema), items, $"{path}[{index}]", errors);
                break;
        }
    }

    // Only items of map lists have an identity over time.
    private static JsonNode? Matching(JsonNode? item, JsonArray? old, Schema schema)
    {
        if (old is null || schema.ListType != "map")
            return null;
        var key = ListValidation.KeyOf(item, schema);
        return old.FirstOrDefault(other => JsonAccess.Same(ListValidation.KeyOf(other, schema), key));
    }

    private static void Run(CelRule rule, JsonNode? node, JsonNode? old, string path, List<FieldError> errors)
    {
        if (rule.IsTransition && old is null)
            return;
        var shown = path.Length == 0 ? "<nil>" : path;
        var evaluator = new CelEvaluator(
            new Dictionary<string, object?> { ["self"] = CelEvaluator.FromNode(node), ["oldSelf"] = CelEvaluator.FromNode(old) }
        );
        try
        {
            if (evaluator.Evaluate(rule.Expression) is true)
                return;
        }
        catch (CelException fault)
        {
            errors.Add(
                FieldError.InvalidRaw(
                    shown,
                    $"\"{node.KindOf().ToString().ToLowerInvariant()}\"",
                    $"{fault.Message} evaluating rule: {rule.Message ?? rule.Rule}"
                )
            );
            return;
        }
        errors.Add(Failure(rule, node, shown, Message(rule, evaluator)));
    }

    private static string Message(CelRule rule, CelEvaluator evaluator)
    {
        if (rule.MessageTree is not null)
        {
            try
            {
                if (evaluator.Evaluate(rule.MessageTree) is string { Length: > 0 } text)
                    return text;
            }
            catch (CelException)
            {
                return rule.Message ?? $"failed rule: {rule.Rule}"; // Kubernetes falls back in the same way
            }
        }
        return rule.Message ?? $"failed rule: {rule.Rule}";
    }

    private static FieldError Failure(CelRule rule, JsonNode? node, string path, string message)
    {
        var field = rule.FieldPath is { Length: > 0 } inner ? (path == "<nil>" ? inner.TrimStart('.') : path + inner) : path;
        return rule.Reason switch
        {
            "FieldValueForbidden" => FieldError.Forbidden(field, message),
            "FieldValueRequired" => FieldError.Required(field, message),
            "FieldValueDuplicate" => new FieldError(field, "FieldValueDuplicate", "Duplicate value"),
            _ when node is JsonObject or JsonArray => new FieldError(field, "FieldValueInvalid", $"Invalid value: {message}"),
            _ => FieldError.Invalid(field, node, message),
        };
    }
}
