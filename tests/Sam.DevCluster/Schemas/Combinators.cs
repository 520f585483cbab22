using System.Text.Json.Nodes;

namespace Sam.DevCluster.Schemas;

/// <summary>anyOf, oneOf, allOf and not.</summary>
internal static class Combinators
{
    public static void Check(JsonNode? node, Schema schema, string path, List<FieldError> errors)
    {
        if (schema.AnyOf.Count > 0 && !schema.IntOrString && schema.AnyOf.All(option => Fails(node, option, path)))
        {
            errors.Add(Combined($"\"{path}\" must validate at least one schema (anyOf)"));
            errors.AddRange(Validation.Failures(node, schema.AnyOf[0], path));
        }
        if (schema.OneOf.Count > 0)
        {
            var valid = schema.OneOf.Count(option => !Fails(node, option, path));
            if (valid != 1)
                errors.Add(
                    Combined(
                        $"\"{path}\" must validate one and only one schema (oneOf). Found {(valid == 0 ? "none valid" : $"{valid} valid alternatives")}"
                    )
                );
            if (valid == 0)
                errors.AddRange(Validation.Failures(node, schema.OneOf[0], path));
        }
        var failed = schema.AllOf.Where(option => Fails(node, option, path)).ToList();
        foreach (var option in failed)
            errors.AddRange(Validation.Failures(node, option, path));
        if (failed.Count > 0)
            errors.Add(
                Combined(
                    $"\"{path}\" must validate all the schemas (allOf){(failed.Count == schema.AllOf.Count ? ". None validated" : "")}"
                )
            );
        if (schema.Not is { } not && !Fails(node, not, path))
            errors.Add(Combined($"\"{path}\" must not validate the schema (not)"));
    }

    private static bool Fails(JsonNode? node, Schema schema, string path) => Validation.Failures(node, schema, path).Count > 0;

    private static FieldError Combined(string detail) => FieldError.Invalid("<nil>", JsonValue.Create(""), detail);
}
