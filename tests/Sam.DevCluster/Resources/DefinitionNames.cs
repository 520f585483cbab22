using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>The rules of <c>spec.names</c>.</summary>
internal static class DefinitionNames
{
    public static void Check(JsonObject? names, List<FieldError> errors)
    {
        foreach (var name in new[] { "plural", "singular", "kind", "listKind" })
        {
            if (string.IsNullOrEmpty(names.Text(name)))
                errors.Add(FieldError.Required($"spec.names.{name}"));
        }
        foreach (var name in new[] { "plural", "singular" })
            CheckLabel(names.Text(name), $"spec.names.{name}", errors);
        foreach (var name in new[] { "kind", "listKind" })
        {
            if (names.Text(name) is { Length: > 0 } value && !Names.IsDns1035Label(value.ToLowerInvariant()))
                errors.Add(FieldError.Invalid($"spec.names.{name}", JsonValue.Create(value), Names.MixedCaseRule));
        }
        foreach (var list in new[] { "shortNames", "categories" })
        {
            var index = 0;
            foreach (var value in names.Child(list).Strings())
                CheckLabel(value, $"spec.names.{list}[{index++}]", errors);
        }
        if (names.Text("kind") is { Length: > 0 } kind && kind == names.Text("listKind"))
            errors.Add(
                FieldError.Invalid("spec.names.listKind", JsonValue.Create(kind), "kind and listKind may not be the same")
            );
    }

    private static void CheckLabel(string? value, string path, List<FieldError> errors)
    {
        if (value is { Length: > 0 } && !Names.IsDns1035Label(value))
            errors.Add(FieldError.Invalid(path, JsonValue.Create(value), Names.Dns1035Rule));
    }
}
