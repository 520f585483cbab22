using System.Text.Json.Nodes;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Controllers;

/// <summary>Everything that may refuse an object once it is decoded, in the order of the real server.</summary>
internal static class ObjectValidation
{
    public static void Check(ResourceType type, JsonObject node, JsonObject? old, string subresource)
    {
        var errors = new List<FieldError>();
        if (old is null)
            errors.AddRange(Names.CheckName(node.Name(), type.Strategy.NameRule));
        errors.AddRange(Names.CheckMetadata(node.Metadata(), type.IsCustom));
        if (old?.IsDeleting() == true)
            errors.AddRange(NewFinalizers(old, node));
        var structural = Validation.Check(node, type.Schema);
        if (!type.IsCustom && structural.Count > 0)
            throw Failures.BadRequest(
                $"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: json: cannot unmarshal: {structural[0]}"
            );
        errors.AddRange(structural);
        ListValidation.Check(node, type.Schema, "", errors);
        errors.AddRange(type.Strategy.Validate(node, old));
        if (structural.Count > 0 && type.IsCustom && CelValidation.HasRules(type.Schema))
            errors.Add(
                FieldError.InvalidRaw(
                    "<nil>",
                    "null",
                    "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
                )
            );
        else if (structural.Count == 0)
            errors.AddRange(CelValidation.Check(node, old, type.Schema));
        if (old is not null)
            errors = Ratcheting.Filter(errors, old, node, type, subresource);
        if (errors.Count > 0)
            throw Failures.Invalid(type.Strategy.ErrorGroup ?? type.Group, type.Kind, node.Name(), errors);
    }

    private static IEnumerable<FieldError> NewFinalizers(JsonObject old, JsonObject node)
    {
        var before = old.At("metadata", "finalizers").Strings().ToHashSet();
        var added = node.At("metadata", "finalizers").Strings().Where(name => !before.Contains(name)).ToList();
        if (added.Count > 0)
            yield return FieldError.Forbidden(
                "metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(name => $"\"{name}\""))}}}"
            );
    }
}
