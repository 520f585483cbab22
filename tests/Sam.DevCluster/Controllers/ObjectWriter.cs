using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Apply;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>The one way objects are created and changed: prune, default, own, validate, store.</summary>
internal sealed class ObjectWriter(ObjectStore store, ResourceCatalog catalog, TimeProvider time)
{
    public ObjectStore Store { get; } = store;

    public ResourceCatalog Catalog { get; } = catalog;

    public TimeProvider Time { get; } = time;

    public string Now => Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");

    public JsonObject Create(ResourceType type, string @namespace, JsonObject body, WriteOptions options, bool isApply = false)
    {
        var metadata = body.Metadata();
        if (metadata.Text("resourceVersion") is { Length: > 0 } and not "0")
            throw new StatusException(500, null, "resourceVersion should not be set on objects to be created");
        ObjectIdentity.Scope(type, @namespace, metadata);
        FieldValidation.Apply(body, type, options);
        var hasGeneratedName = ObjectIdentity.NameIt(type, metadata);
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
        EmptyFields.Drop(type, body, options);
        if (!isApply && type.IsCustom)
            Defaulting.DropNulls(body, type.Schema);
        type.Strategy.Prepare(body, null);
        RequireNamespace(type, @namespace, body.Name());
        RequireDefinition(type, body.Name());
        if (isApply)
            metadata["managedFields"] = declared;
        else
            ManagedFields.AfterUpdate(null, body, type, Writer(type, options, ""));
        type.Strategy.Complete(body);
        body = GatedWrites.Create(type, @namespace, body, hasGeneratedName, options);
        options.Warnings.AddRange(ObjectValidation.Check(type, body, null, ""));
        GatedWrites.Validate(type, @namespace, "", body, null, options);
        if (options.DryRun && Store.Get(type.Shelf, @namespace, body.Name()) is { } taken)
            throw Failures.AlreadyExists(type, body.Name(), taken.IsDeleting);
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
            ObjectIdentity.CheckIdentity(type, old, node, @namespace, name, options.IsPatch);
            FieldValidation.Apply(node, type, options, isPatch: options.IsPatch);
            ServerFields.Keep(type, old, node, subresource, options.IsPatch);
            EmptyFields.Drop(type, node, options);
            if (!isApply && type.IsCustom)
                Defaulting.DropNulls(node, type.Schema);
            type.Strategy.Prepare(node, old);
            ServerFields.BumpGeneration(type, old, node);
            if (!isApply)
                ManagedFields.AfterUpdate(old, node, type, Writer(type, options, subresource));
            node = GatedWrites.Update(type, @namespace, subresource, node, old, options);
            var warnings = ObjectValidation.Check(type, node, old, subresource);
            GatedWrites.Validate(type, @namespace, subresource, node, old, options);
            if (ServerFields.SameApartFromTimes(old, node))
                return old;
            if (options.DryRun)
                return node;
            var isLast =
                node.IsDeleting()
                && node.Object("metadata").Array("finalizers") is not { Count: > 0 }
                && !type.Strategy.HoldsOnDelete(node);
            // What watchers see go is the object as it was stored; the client gets what it asked for, in a version never stored.
            if (isLast)
            {
                if (Store.TryRemove(type.Shelf, stored, stored.Read()) is not null)
                    return node;
            }
            else if (Store.TryReplace(type.Shelf, stored, ToStorage(type, node)) is { } written)
            {
                options.Warnings.AddRange(warnings);
                return Answer(type, written, node);
            }
        }
    }

    public ManagerEntry Writer(ResourceType type, WriteOptions options, string subresource) =>
        new(options.Manager, "Update", type.ApiVersion, subresource, subresource == "scale" ? "" : Now, new FieldTree());

    // What was stored as it is now carries its version, and needs not be read again.
    private static JsonObject Answer(ResourceType type, StoredObject? stored, JsonObject body) =>
        stored is null || type.Conversion is null ? body : type.Read(stored);

    private static JsonObject ToStorage(ResourceType type, JsonObject node) =>
        type.Conversion is null ? node : type.ToStorage(node.Copy());

    private StoredObject Add(ResourceType type, JsonObject body) =>
        Store.TryAdd(type.Shelf, ToStorage(type, body))
        ?? throw Failures.AlreadyExists(
            type,
            body.Name(),
            Store.Get(type.Shelf, body.Namespace(), body.Name()) is { IsDeleting: true }
        );

    private void RequireDefinition(ResourceType type, string name)
    {
        var definitions = Catalog.Find("apiextensions.k8s.io", "v1", "customresourcedefinitions")!;
        if (type.IsCustom && Store.Get(definitions.Shelf, "", type.Shelf) is { IsDeleting: true })
            throw Failures.Forbidden(type, name, "create not allowed while custom resource definition is terminating");
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
}
