using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Apply;
using Sam.DevCluster.Cel;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>The one way objects are created and changed: prune, default, own, validate, store.</summary>
internal sealed class ObjectWriter(ObjectStore store, ResourceCatalog catalog, TimeProvider time)
{
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public ObjectStore Store { get; } = store;

    public ResourceCatalog Catalog { get; } = catalog;

    public TimeProvider Time { get; } = time;

    public string Now => Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");

    public JsonObject Create(ResourceType type, string @namespace, JsonObject body, WriteOptions options, bool isApply = false)
    {
        var metadata = body.Metadata();
        if (metadata.Text("resourceVersion") is { Length: > 0 } and not "0")
            throw new StatusException(500, null, "resourceVersion should not be set on objects to be created");
        Scope(type, @namespace, metadata);
        FieldValidation.Apply(body, type, options);
        var hasGeneratedName = NameIt(type, metadata);
        foreach (var field in new[] { "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion" })
            metadata.Remove(field);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now;
        metadata.Remove("generation");
        if (type.Strategy.HasGeneration)
            metadata["generation"] = 1;
        if (type.HasStatus && type.IsCustom)
            body.Remove("status");
        var declared = isApply ? metadata.Array("managedFields")?.DeepClone() : null;
        type.Strategy.Prepare(body, null);
        RequireNamespace(type, @namespace, body.Name());
        if (isApply)
            metadata["managedFields"] = declared;
        else
            ManagedFields.AfterUpdate(null, body, type, Writer(type, options, ""));
        body = GatedWrites.Create(type, @namespace, body, hasGeneratedName, options);
        Validate(type, body, null, "");
        GatedWrites.Validate(type, @namespace, "", body, null, options);
        return Answer(type, options.DryRun ? null : Add(type, body), body);
    }

    /// <summary>Reads, changes, checks and replaces, again when somebody else was faster and the client named no version.</summary>
    public JsonObject Update(
        ResourceType type,
        string @namespace,
        string name,
        string subresource,
        Func<JsonObject, JsonObject> change,
        WriteOptions options,
        bool isApply = false
    )
    {
        while (true)
        {
            var stored = Store.Get(type.Shelf, @namespace, name) ?? throw Failures.NotFound(type, name);
            var old = type.Read(stored);
            var node = change(old.Copy());
            CheckIdentity(type, old, node, @namespace, name);
            FieldValidation.Apply(node, type, options);
            KeepServerFields(type, old, node, subresource);
            type.Strategy.Prepare(node, old);
            BumpGeneration(type, old, node);
            if (!isApply)
                ManagedFields.AfterUpdate(old, node, type, Writer(type, options, subresource));
            node = GatedWrites.Update(type, @namespace, subresource, node, old, options);
            Validate(type, node, old, subresource);
            GatedWrites.Validate(type, @namespace, subresource, node, old, options);
            if (SameApartFromTimes(old, node))
                return old;
            if (options.DryRun)
                return node;
            var isLast =
                node.IsDeleting()
                && node.Object("metadata").Array("finalizers") is not { Count: > 0 }
                && !type.Strategy.HoldsOnDelete(node);
            var storage = type.ToStorage(node.Copy());
            var written = isLast ? Store.TryRemove(type.Shelf, stored, storage) : Store.TryReplace(type.Shelf, stored, storage);
            if (written is not null)
                return type.Read(written);
        }
    }

    public ManagerEntry Writer(ResourceType type, WriteOptions options, string subresource) =>
        new(options.Manager, "Update", type.ApiVersion, subresource, Now, new FieldTree());

    private static JsonObject Answer(ResourceType type, StoredObject? stored, JsonObject body) =>
        stored is null ? body : type.Read(stored);

    private StoredObject Add(ResourceType type, JsonObject body) =>
        Store.TryAdd(type.Shelf, type.ToStorage(body.Copy())) ?? throw Failures.AlreadyExists(type, body.Name());

    private static void Scope(ResourceType type, string @namespace, JsonObject metadata)
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

    private static bool NameIt(ResourceType type, JsonObject metadata)
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

    private void RequireNamespace(ResourceType type, string @namespace, string name)
    {
        if (!type.Namespaced)
            return;
        var home =
            Store.Get("namespaces", "", @namespace) ?? throw Failures.NotFound(Catalog.Find("", "v1", "namespaces")!, @namespace);
        if (!home.IsDeleting)
            return;
        var refusal = Failures.Forbidden(
            type,
            name,
            $"unable to create new content in namespace {@namespace} because it is being terminated"
        );
        refusal.Details!["causes"] = new JsonArray(
            new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {@namespace} is being terminated",
                ["field"] = "metadata.namespace",
            }
        );
        throw refusal;
    }

    private static void CheckIdentity(ResourceType type, JsonObject old, JsonObject node, string @namespace, string name)
    {
        var metadata = node.Metadata();
        if (metadata.Text("name") != name)
            throw Failures.BadRequest(
                $"the name of the object ({(metadata.Text("name") is { Length: > 0 } other ? other : "<nil>")}) does not match the name on the URL ({name})"
            );
        if (type.Namespaced && metadata.Text("namespace") is { Length: > 0 } given && given != @namespace)
            throw Failures.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        var version = metadata.Text("resourceVersion");
        if (!string.IsNullOrEmpty(version) && version != "0")
        {
            if (!ulong.TryParse(version, out _))
                throw new StatusException(500, null, $"strconv.ParseUint: parsing \"{version}\": invalid syntax");
            if (version != old.Object("metadata").Text("resourceVersion"))
                throw Failures.Conflict(type, name);
        }
        else if (type.IsCustom || type.Kind == "CustomResourceDefinition")
        {
            throw Failures.Invalid(
                type.Group,
                type.IsCustom ? type.Plural : type.Kind,
                name,
                [FieldError.InvalidRaw("metadata.resourceVersion", "0", "must be specified for an update")]
            );
        }
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != old.Uid())
        {
            var key =
                $"/registry/{(type.Group.Length == 0 ? "" : type.Group + "/")}{type.Plural}/{(@namespace.Length == 0 ? "" : @namespace + "/")}{name}";
            throw Failures.Conflict(
                type,
                name,
                $"StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Uid()}"
            );
        }
    }

    private static void KeepServerFields(ResourceType type, JsonObject old, JsonObject node, string subresource)
    {
        var before = old.Object("metadata")!;
        if (subresource == "status" || subresource == "finalize")
            KeepAllBut(subresource == "status" ? "status" : "spec", old, node);
        else if (type.HasStatus || type.Kind == "Namespace")
            Copy(old, node, "status");
        // Only /finalize may change what holds a namespace.
        if (type.Kind == "Namespace" && subresource.Length == 0)
            Copy(old, node, "spec");
        var metadata = node.Metadata();
        foreach (
            var field in new[]
            {
                "uid",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "generation",
                "namespace",
                "resourceVersion",
                "generateName",
                "selfLink",
            }
        )
            Copy(before, metadata, field);
        node["apiVersion"] = type.ApiVersion;
        node["kind"] = type.Kind;
    }

    private static void KeepAllBut(string field, JsonObject old, JsonObject node)
    {
        foreach (var name in node.Select(pair => pair.Key).Union(old.Select(pair => pair.Key)).ToList())
        {
            if (name == field)
                continue;
            if (name != "metadata")
                Copy(old, node, name);
        }
        // A status write may touch managedFields only; labels and the rest stay as they were.
        var fields = node.Metadata().Array("managedFields")?.DeepClone();
        var metadata = old.Metadata().Copy();
        if (fields is not null)
            metadata["managedFields"] = fields;
        node["metadata"] = metadata;
    }

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        if (from.TryGetPropertyValue(name, out var value))
            to[name] = value?.DeepClone();
        else
            to.Remove(name);
    }

    private static void BumpGeneration(ResourceType type, JsonObject old, JsonObject node)
    {
        if (!type.Strategy.HasGeneration)
            return;
        var ignoresStatus = type.HasStatus;
        JsonObject Wanted(JsonObject o) =>
            new(
                o.Where(pair =>
                        pair.Key is not ("metadata" or "apiVersion" or "kind") && !(ignoresStatus && pair.Key == "status")
                    )
                    .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))
            );
        if (
            !JsonAccess.Same(Wanted(old), Wanted(node))
            && old.Object("metadata").Child("generation").TryInteger(out var generation)
        )
            node.Metadata()["generation"] = generation + 1;
    }

    private static bool SameApartFromTimes(JsonObject old, JsonObject node)
    {
        JsonObject Bare(JsonObject o)
        {
            var copy = o.Copy();
            foreach (var entry in copy.Object("metadata").Array("managedFields") ?? [])
                (entry as JsonObject)?.Remove("time");
            return copy;
        }
        return JsonAccess.Same(Bare(old), Bare(node));
    }

    private static void Validate(ResourceType type, JsonObject node, JsonObject? old, string subresource)
    {
        var errors = new List<FieldError>();
        if (old is null)
            errors.AddRange(Names.CheckName(node.Name(), type.Strategy.NameRule));
        errors.AddRange(Names.CheckMetadata(node.Metadata()));
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
            throw Failures.Invalid(type.Group, type.Kind, node.Name(), errors);
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
