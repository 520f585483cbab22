using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Controllers;

/// <summary>How a client wants an object gone.</summary>
internal sealed record DeleteRequest(string? Uid, string? Version, string? Propagation, bool DryRun)
{
    public static readonly DeleteRequest Plain = new(null, null, null, false);

    /// <summary>For admission; the cluster's own deletions pass without.</summary>
    public WriteOptions Options { get; init; } = WriteOptions.Internal;
}

/// <summary>Deletes now, or marks and waits for finalizers.</summary>
internal sealed class ObjectDeleter(ObjectWriter writer)
{
    private static readonly string[] Protected = ["default", "kube-system", "kube-public"];

    /// <summary>The last state of the object, and whether it is gone.</summary>
    public (JsonObject Object, bool IsGone) Delete(ResourceType type, string @namespace, string name, DeleteRequest request)
    {
        if (type.Kind == "Namespace" && Protected.Contains(name))
            throw Failures.Forbidden(type, name, "this namespace may not be deleted");
        while (true)
        {
            var stored = writer.Store.Get(type.Shelf, @namespace, name) ?? throw Failures.NotFound(type, name);
            CheckPreconditions(type, stored, request);
            GatedWrites.Delete(type, @namespace, type.Read(stored), request.Options);
            var node = stored.Read();
            var before = node.Copy();
            if (!node.IsDeleting())
                Mark(type, node, request);
            var holds = node.Object("metadata").Array("finalizers") is { Count: > 0 } || type.Strategy.HoldsOnDelete(node);
            if (request.DryRun || (holds && JsonAccess.Same(before, node)))
                return (Served(type, holds ? node : before), !holds);
            var written = holds
                ? writer.Store.TryReplace(type.Shelf, stored, node)
                : writer.Store.TryRemove(type.Shelf, stored, before.Copy());
            if (written is not null)
                return (holds ? type.Read(written) : Served(type, before), !holds);
        }
    }

    private static JsonObject Served(ResourceType type, JsonObject node) => type.Conversion?.FromStorage(node) ?? node;

    private void Mark(ResourceType type, JsonObject node, DeleteRequest request)
    {
        var metadata = node.Metadata();
        type.Strategy.BeforeDelete(node, writer.Now);
        SetFinalizer(metadata, "orphan", request.Propagation == "Orphan");
        SetFinalizer(metadata, "foregroundDeletion", request.Propagation == "Foreground");
        metadata["deletionTimestamp"] = writer.Now;
        if (type.Kind is not ("Namespace" or "CustomResourceDefinition"))
            metadata["deletionGracePeriodSeconds"] = 0;
        if (metadata.Child("generation").TryInteger(out var generation) && type.Kind != "CustomResourceDefinition")
            metadata["generation"] = generation + 1;
    }

    private static void SetFinalizer(JsonObject metadata, string name, bool wanted)
    {
        var list = metadata.Array("finalizers");
        var has = list.Strings().Contains(name);
        if (wanted && !has)
        {
            if (list is null)
                metadata["finalizers"] = list = [];
            list.Add(name);
        }
        else if (!wanted && has)
        {
            list!.Remove(list.First(item => item.Text() == name));
        }
    }

    private static void CheckPreconditions(ResourceType type, StoredObject stored, DeleteRequest request)
    {
        if (request.Uid is { } uid && uid != stored.Uid)
            throw Failures.Precondition(
                type,
                stored.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({stored.Uid}). The object might have been deleted and then recreated"
            );
        if (request.Version is { } version && version != stored.Version.ToString())
            throw Failures.Precondition(
                type,
                stored.Name,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({stored.Version}). The object might have been modified"
            );
    }
}
