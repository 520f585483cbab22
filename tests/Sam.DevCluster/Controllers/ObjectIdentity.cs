using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Controllers;

/// <summary>Names, namespaces and versions: whether a body is about the object that the request names.</summary>
internal static class ObjectIdentity
{
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static void Scope(ResourceType type, string @namespace, JsonObject metadata)
    {
        if (!type.Namespaced)
        {
            metadata.Remove("namespace");
            return;
        }
        if (metadata.Text("namespace") is { Length: > 0 } given && given != @namespace)
            throw Failures.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        metadata["namespace"] = @namespace;
    }

    /// <summary>Makes a name where only its beginning is given; returns whether it did.</summary>
    public static bool NameIt(ResourceType type, JsonObject metadata)
    {
        if (metadata.Text("name") is { Length: > 0 })
            return false;
        if (metadata.Text("generateName") is not { Length: > 0 } prefix)
            throw Failures.Invalid(
                type.Group,
                type.Kind,
                "",
                [FieldError.Required("metadata.name", "name or generateName is required")]
            );
        if (prefix.Length > 58)
            prefix = prefix[..58];
        metadata["name"] = prefix + RandomNumberGenerator.GetString(SuffixAlphabet, 5);
        return true;
    }

    public static void CheckIdentity(
        ResourceType type,
        JsonObject old,
        JsonObject node,
        string @namespace,
        string name,
        bool isPatch
    )
    {
        var metadata = node.Metadata();
        CheckNames(type, metadata, @namespace, name);
        if (!isPatch)
            CheckUid(type, old, metadata, @namespace, name);
        var version = metadata.Text("resourceVersion");
        if (!string.IsNullOrEmpty(version) && version != "0")
        {
            if (!ulong.TryParse(version, out _))
                throw new StatusException(500, null, $"strconv.ParseUint: parsing \"{version}\": invalid syntax");
            if (version != old.Object("metadata").Text("resourceVersion"))
                throw Failures.Conflict(type, name);
        }
        else if (type.IsCustom || type.Kind == "CustomResourceDefinition" || type.Strategy.NeedsVersion)
        {
            throw Failures.Invalid(
                type.Group,
                type.IsCustom || type.Strategy.NeedsVersion ? type.Plural : type.Kind,
                name,
                [FieldError.InvalidRaw("metadata.resourceVersion", "0", "must be specified for an update")]
            );
        }
    }

    /// <summary>The name and namespace in a body are those of the path; checked before the object is looked for.</summary>
    public static void CheckNames(ResourceType type, JsonObject metadata, string @namespace, string name)
    {
        if (metadata.Text("name") != name)
            throw Failures.BadRequest(
                $"the name of the object ({(metadata.Text("name") is { Length: > 0 } other ? other : "<nil>")}) does not match the name on the URL ({name})"
            );
        if (type.Namespaced && metadata.Text("namespace") is { Length: > 0 } given && given != @namespace)
            throw Failures.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
    }

    private static void CheckUid(ResourceType type, JsonObject old, JsonObject metadata, string @namespace, string name)
    {
        if (metadata.Text("uid") is not { Length: > 0 } uid || uid == old.Uid())
            return;
        var key =
            $"/registry/{(type.Group.Length == 0 ? "" : type.Group + "/")}{type.Plural}/{(@namespace.Length == 0 ? "" : @namespace + "/")}{name}";
        throw Failures.Conflict(
            type,
            name,
            $"StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid()}"
        );
    }
}
