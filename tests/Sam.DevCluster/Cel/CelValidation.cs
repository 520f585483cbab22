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

    public static List<FieldError> Check(JsonNode? node, JsonNode? old, Schema schema, List<string> warnings)
    {
        var errors = new List<FieldError>();
        if (HasRules(schema))
            Walk(node, new Before(old, old is not null), schema, "", errors, warnings);
        return errors;
    }

    private static void Walk(
        JsonNode? node,
        Before old,
        Schema schema,
        string path,
        List<FieldError> errors,
        List<string> warnings
    )
    {
        foreach (var rule in schema.Rules)
        {
            if (Run(rule, node, old, path) is not { } error)
                continue;
            // A plain rule about a value that did not change only warns.
            if (!rule.IsTransition && old.Known && JsonAccess.Same(old.Value, node))
                warnings.Add(error.ToString());
            else
                errors.Add(error);
        }
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.Where(pair => pair.Value is not null))
                {
                    if (schema.Properties.TryGetValue(name, out var property))
                        Walk(value, old.Child(name), property, path.Length == 0 ? name : $"{path}.{name}", errors, warnings);
                    else if (schema.Values is { } values)
                        Walk(value, old.Child(name), values, $"{path}[{name}]", errors, warnings);
                }
                break;
            case JsonArray list when schema.Items is { } items:
                for (var index = 0; index < list.Count; index++)
                    Walk(list[index], old.Item(list[index], schema), items, $"{path}[{index}]", errors, warnings);
                break;
        }
    }

    private static FieldError? Run(CelRule rule, JsonNode? node, Before old, string path)
    {
        if (rule.IsTransition && !old.Known && !rule.OptionalOldSelf)
            return null;
        var shown = path.Length == 0 ? "<nil>" : path;
        var before = CelValues.FromNode(old.Value);
        var evaluator = new CelEvaluator(
            new Dictionary<string, object?>
            {
                ["self"] = CelValues.FromNode(node),
                ["oldSelf"] = rule.OptionalOldSelf ? new CelOptional(old.Known, before) : before,
            }
        );
        try
        {
            return evaluator.Evaluate(rule.Expression) is true ? null : Failure(rule, node, shown, Message(rule, evaluator));
        }
        catch (CelException fault)
        {
            return FieldError.InvalidRaw(
                shown,
                $"\"{node.KindOf().ToString().ToLowerInvariant()}\"",
                $"{fault.Message} evaluating rule: {rule.Message ?? rule.Rule}"
            );
        }
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
