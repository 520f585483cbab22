using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Cel;

/// <summary>Refuses rules that do not compile or lie outside the supported subset, so that none is ignored in silence.</summary>
internal static class CelCheck
{
    public static IEnumerable<FieldError> Schema(JsonObject schema, string path)
    {
        var rules = schema.Array("x-kubernetes-validations");
        for (var index = 0; index < (rules?.Count ?? 0); index++)
        {
            foreach (var name in new[] { "rule", "messageExpression" })
            {
                if (rules![index].Text(name) is { } text && CelParser.Problem(text) is { } problem)
                    yield return FieldError.Invalid(
                        $"{path}.x-kubernetes-validations[{index}].{name}",
                        JsonValue.Create(text),
                        $"compilation failed: {problem}"
                    );
            }
        }
        foreach (var (name, inner) in Inner(schema))
        {
            foreach (var error in Schema(inner, $"{path}.{name}"))
                yield return error;
        }
    }

    private static IEnumerable<(string Name, JsonObject Schema)> Inner(JsonObject schema)
    {
        foreach (var (name, property) in schema.Object("properties") ?? [])
        {
            if (property is JsonObject inner)
                yield return ($"properties[{name}]", inner);
        }
        foreach (var name in new[] { "items", "additionalProperties" })
        {
            if (schema.Object(name) is { } inner)
                yield return (name, inner);
        }
    }
}
