using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>Defaults must be values that their own schema takes, with nothing in them that would be pruned.</summary>
internal static class DefaultValidation
{
    public static void Check(JsonObject schema, string path, bool isRoot, List<FieldError> errors)
    {
        if (schema.Child("default") is { } preset)
        {
            var read = SchemaReader.Read(schema);
            var pruned = preset.DeepClone();
            if (pruned is JsonObject o && !isRoot && Pruning.Apply(o, read, isResource: read.EmbeddedResource).Count > 0)
                errors.Add(FieldError.Invalid($"{path}.default", preset, "must not have unknown fields"));
            else
                errors.AddRange(Validation.CheckPart(preset, read, $"{path}.default"));
            if (isRoot && preset is JsonObject root)
                EmbeddedResources.Check(root, $"{path}.default", errors);
        }
        foreach (var (step, inner) in SchemaForm.Inner(schema))
            Check(inner, $"{path}.{step}", isRoot: false, errors);
    }
}
