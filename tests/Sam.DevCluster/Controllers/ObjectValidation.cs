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
    private static readonly string[] Blocking =
    [
        "FieldValueNotSupported",
        "FieldValueRequired",
        "FieldValueTooLong",
        "FieldValueTooMany",
        "FieldValueTypeInvalid",
    ];

    /// <summary>Refuses, or gives the warnings about faults that were there before.</summary>
    public static IReadOnlyList<string> Check(ResourceType type, JsonObject node, JsonObject? old, string subresource)
    {
        if (type.IsCustom)
            CheckKind(type, node);
        var errors = Metadata(type, node, old);
        var warnings = type.Strategy.Warnings(node, old).ToList();
        var structural =
            type.IsCustom && subresource == "status" && old is not null
                ? Status(type, node, old)
                : Validation.Check(node, type.Schema, type.IsCustom ? old : null);
        if (!type.IsCustom && structural.Count > 0)
            throw Failures.BadRequest(
                $"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: json: cannot unmarshal: {structural[0]}"
            );
        errors.AddRange(structural);
        errors.AddRange(Lists(type, node, old));
        errors.AddRange(type.Strategy.Validate(node, old));
        if (CelValidation.HasRules(type.Schema))
        {
            if (errors.Any(error => Blocking.Contains(error.Reason)))
                errors.Add(
                    FieldError.InvalidRaw(
                        "<nil>",
                        "null",
                        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
                    )
                );
            else
                errors.AddRange(CelValidation.Check(node, old, type.Schema, warnings));
        }
        errors.AddRange(ScaleValues(type, node));
        if (errors.Count > 0)
            throw Failures.Invalid(type.Strategy.ErrorGroup ?? type.Group, type.Kind, node.Name(), errors);
        return warnings;
    }

    private static void CheckKind(ResourceType type, JsonObject node)
    {
        var (version, kind) = (node.Text("apiVersion") ?? "", node.Text("kind") ?? "");
        var errors = new List<FieldError>();
        if (kind != type.Kind)
            errors.Add(FieldError.Invalid("kind", JsonValue.Create(kind), $"must be {type.Kind}"));
        if (version != type.ApiVersion)
            errors.Add(FieldError.Invalid("apiVersion", JsonValue.Create(version), $"must be {type.ApiVersion}"));
        if (errors.Count > 0)
            throw Failures.Invalid(version.Contains('/') ? version.Split('/')[0] : "", kind, node.Name(), errors);
    }

    // On update the real server checks the changes of metadata twice, and then metadata itself: each fault is a cause each time.
    private static List<FieldError> Metadata(ResourceType type, JsonObject node, JsonObject? old)
    {
        var errors = new List<FieldError>();
        var metadata = node.Metadata();
        if (old is null)
        {
            if (metadata.Text("generateName") is { Length: > 0 } prefix)
                errors.AddRange(
                    Names
                        .CheckName(prefix.TrimEnd('-', '.') is { Length: > 0 } stem ? stem : prefix, type.Strategy.NameRule)
                        .Select(error =>
                            error with
                            {
                                Field = "metadata.generateName",
                                Body = error.Body.Replace($"\"{prefix.TrimEnd('-', '.')}\"", $"\"{prefix}\""),
                            }
                        )
                );
            errors.AddRange(Names.CheckName(node.Name(), type.Strategy.NameRule));
        }
        else
        {
            var changes = new List<FieldError>();
            if (old.IsDeleting())
                changes.AddRange(NewFinalizers(old, node));
            foreach (var name in new[] { "uid", "deletionTimestamp" })
            {
                if (!JsonAccess.Same(metadata.Child(name), old.Metadata().Child(name)))
                    changes.Add(FieldError.Invalid($"metadata.{name}", metadata.Child(name), "field is immutable"));
            }
            if (!type.IsCustom)
            {
                errors.AddRange(changes);
                errors.AddRange(Names.CheckMetadata(metadata));
                return errors;
            }
            changes.AddRange(Names.CheckLabels(metadata));
            changes.AddRange(OwnerReferences.Check(metadata.Array("ownerReferences")));
            errors.AddRange(changes);
            errors.AddRange(changes);
        }
        errors.AddRange(Names.CheckMetadata(metadata));
        if (!type.IsCustom)
            errors.AddRange(Names.CheckCoreFinalizers(metadata));
        return errors;
    }

    private static List<FieldError> Status(ResourceType type, JsonObject node, JsonObject old) =>
        type.Schema.Properties.TryGetValue("status", out var status) && node.TryGetPropertyValue("status", out var value)
            ? [.. Validation.CheckPart(value, status, "status", new Before(old, true).Child("status"))]
            : [];

    // Duplicates that were there before are forgiven, all or none.
    private static List<FieldError> Lists(ResourceType type, JsonObject node, JsonObject? old)
    {
        var errors = new List<FieldError>();
        ListValidation.Check(node, type.Schema, "", errors);
        if (errors.Count == 0 || old is null || !type.IsCustom)
            return errors;
        var before = new List<FieldError>();
        ListValidation.Check(old, type.Schema, "", before);
        return before.Count > 0 ? [] : errors;
    }

    private static IEnumerable<FieldError> ScaleValues(ResourceType type, JsonObject node)
    {
        if (type.Scale is not { } scale)
            yield break;
        foreach (var path in new[] { scale.Spec, scale.Status })
        {
            if (!Tables.JsonPath.First(node, path).TryInteger(out var value))
                continue;
            if (value < 0)
                yield return FieldError.Invalid(path, value, "should be a non-negative integer");
            if (value > int.MaxValue)
                yield return FieldError.Invalid(path, value, $"should be less than or equal to {int.MaxValue}");
        }
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
