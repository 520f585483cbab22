using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Cel;

/// <summary>Refuses rules that do not compile or lie outside the supported subset, so that none is ignored in silence.</summary>
internal static class CelCheck
{
    private static readonly string[] Reasons =
    [
        "FieldValueDuplicate",
        "FieldValueForbidden",
        "FieldValueInvalid",
        "FieldValueRequired",
    ];

    private static readonly JsonSerializerOptions GoForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static List<FieldError> Schema(JsonObject schema, string path)
    {
        var errors = new List<FieldError>();
        var root = schema.Copy();
        var properties = root.Ensure("properties");
        var metadata = """{"type":"object","properties":{"name":{"type":"string"},"generateName":{"type":"string"}}}""";
        properties["metadata"] = JsonNode.Parse(metadata);
        foreach (var name in new[] { "apiVersion", "kind" })
            properties[name] = new JsonObject { ["type"] = "string" };
        var budget = new CelBudget();
        Walk(root, path, uncorrelatable: null, budget, places: 1, errors);
        budget.Close(path, errors);
        return errors;
    }

    private static void Walk(
        JsonObject schema,
        string path,
        string? uncorrelatable,
        CelBudget budget,
        double? places,
        List<FieldError> errors
    )
    {
        var rules = schema.Array("x-kubernetes-validations");
        for (var index = 0; index < (rules?.Count ?? 0); index++)
        {
            if (rules![index] is not JsonObject source)
                continue;
            var (rule, before) = ($"{path}.x-kubernetes-validations[{index}]", errors.Count);
            CheckRule(source, schema, rule, uncorrelatable, errors);
            if (errors.Count > before)
                continue; // what does not compile costs nothing
            budget.Add(source.Text("rule")!, schema, places, $"{rule}.rule", "rule", errors);
            if (source.Text("messageExpression") is { Length: > 0 } message)
                budget.Add(message, schema, places, $"{rule}.messageExpression", "messageExpression", errors);
        }
        foreach (var (step, inner) in SchemaForm.Inner(schema))
        {
            var lost = step == "items" && schema.Text("x-kubernetes-list-type") != "map" ? path : null;
            Walk(inner, $"{path}.{step}", uncorrelatable ?? lost, budget, CelBudget.Inside(places, step, schema), errors);
        }
    }

    private static void CheckRule(
        JsonObject source,
        JsonObject schema,
        string path,
        string? uncorrelatable,
        List<FieldError> errors
    )
    {
        var rule = CelRule.Read(source, CelType.Of(schema));
        if (string.IsNullOrWhiteSpace(rule.Rule))
        {
            errors.Add(FieldError.Required($"{path}.rule", "rule is not specified"));
            return;
        }
        CheckTexts(rule, schema, path, errors);
        var type = Compile(rule, source, rule.Rule, $"{path}.rule", "", errors);
        if (type is not null && !type.Fits(CelType.Bool))
            errors.Add(Refused($"{path}.rule", source, "cel expression must evaluate to a bool"));
        else if (type is not null && rule.IsTransition && uncorrelatable is not null)
            errors.Add(
                FieldError.Invalid(
                    $"{path}.rule",
                    JsonValue.Create(rule.Rule),
                    $"oldSelf cannot be used on the uncorrelatable portion of the schema within {uncorrelatable}"
                )
            );
        else if (type is not null && rule.OptionalOldSelf && !rule.IsTransition)
            errors.Add(
                FieldError.Invalid(
                    $"{path}.optionalOldSelf",
                    JsonValue.Create(true),
                    "may not be set if oldSelf is not used in rule"
                )
            );
        if (rule.MessageExpression is not { } expression)
            return;
        var said = Compile(rule, source, expression, $"{path}.messageExpression", "messageExpression ", errors);
        if (said is not null && !said.Fits(CelType.Text))
            errors.Add(Refused($"{path}.messageExpression", source, "messageExpression must evaluate to a string"));
    }

    private static void CheckTexts(CelRule rule, JsonObject schema, string path, List<FieldError> errors)
    {
        if (rule.Message is { Length: > 0 } message)
        {
            if (message.Trim().Length == 0)
                errors.Add(FieldError.Invalid($"{path}.message", JsonValue.Create(message), "must be non-empty if specified"));
            else if (message.Contains('\n'))
                errors.Add(FieldError.Invalid($"{path}.message", JsonValue.Create(message), "must not contain line breaks"));
        }
        else if (rule.Rule.Trim().Contains('\n'))
        {
            errors.Add(FieldError.Required($"{path}.message", "message must be specified if rule contains line breaks"));
        }
        if (rule.Reason is { } reason && !Reasons.Contains(reason))
            errors.Add(FieldError.Unsupported($"{path}.reason", JsonValue.Create(reason), Reasons));
        if (rule.FieldPath is { Length: > 0 } field && !IsPath(field, schema))
            errors.Add(FieldError.Invalid($"{path}.fieldPath", JsonValue.Create(field), "must be a valid path"));
    }

    // Paths lead to properties of the schema; metadata is none of them.
    private static bool IsPath(string path, JsonObject schema)
    {
        if (path[0] != '.')
            return false;
        JsonNode? node = schema;
        foreach (var step in path[1..].Replace("['", ".").Replace("']", "").Split('.'))
            node = step == "metadata" ? null : node.At("properties", step) ?? node.Child("additionalProperties");
        return node is not null;
    }

    private static CelType? Compile(
        CelRule rule,
        JsonObject source,
        string text,
        string path,
        string what,
        List<FieldError> errors
    )
    {
        try
        {
            return rule.Compile(text).Type;
        }
        catch (CelException fault)
        {
            errors.Add(Refused(path, source, $"{what}compilation failed: {Located(fault, text)}"));
            return null;
        }
    }

    private static string Located(CelException fault, string text)
    {
        var at = Math.Max(fault.At, 0);
        var start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var end = text.IndexOf('\n', start);
        var line = end < 0 ? text[start..] : text[start..end];
        var row = text[..start].Count(c => c == '\n') + 1;
        return $"ERROR: <input>:{row}:{at - start + 1}: {fault.Message}\n | {line}\n | {new string('.', at - start)}^";
    }

    // The value is the whole rule as Go prints it.
    private static FieldError Refused(string path, JsonObject source, string detail)
    {
        var printed = new JsonObject
        {
            ["Rule"] = source.Text("rule") ?? "",
            ["Message"] = source.Text("message") ?? "",
            ["MessageExpression"] = source.Text("messageExpression") ?? "",
            ["Reason"] = source.Text("reason"),
            ["FieldPath"] = source.Text("fieldPath") ?? "",
            ["OptionalOldSelf"] = source.Child("optionalOldSelf")?.DeepClone(),
        };
        var text = printed.ToJsonString(GoForm).Replace("<", "\\u003c").Replace(">", "\\u003e").Replace("&", "\\u0026");
        return FieldError.InvalidRaw(path, text, detail);
    }
}
