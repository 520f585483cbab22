using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Apply;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Json;
using Sam.DevCluster.Patches;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Http;

/// <summary>PATCH in its four media types.</summary>
internal sealed class PatchHandler(ObjectWriter writer)
{
    private const string Strategic = "application/strategic-merge-patch+json";

    private const int MaxOperations = 10_000;

    public async Task HandleAsync(HttpContext context, RequestTarget target, Func<int, JsonObject, Task> answer)
    {
        var options = ResourceHandler.ReadOptions(context, "PatchOptions") with { IsPatch = true };
        var media = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        var bytes = await RequestBody.ReadAsync(context);
        if (media == "application/apply-patch+yaml")
        {
            var (node, created) = await GatedWork.RunAsync(options.Gate, () => Apply(context, target, bytes, options));
            Answers.Warn(context, options.Warnings);
            await answer(created ? 201 : 200, node);
            return;
        }
        CheckMedia(media, target);
        if (context.Request.Query["force"].Count > 0)
            throw Failures.Invalid(
                "meta.k8s.io",
                "PatchOptions",
                "",
                [FieldError.Forbidden("force", "may not be specified for non-apply patch")]
            );
        var duplicates = new List<string>();
        var patch = RequestBody.ParsePatch(bytes, media, duplicates);
        options = options with
        {
            PatchProblems = PatchProblems.Of(media, patch, duplicates),
            StrategicPatch = media == Strategic ? patch?.DeepClone() : null,
        };
        var change = Change(media, patch, target);
        var updated = await GatedWork.RunAsync(
            options.Gate,
            () => writer.Update(target.Type, target.Namespace, target.Name, target.Subresource, change, options)
        );
        Answers.Warn(context, options.Warnings);
        await answer(200, updated);
    }

    private static void CheckMedia(string media, RequestTarget target)
    {
        var supported = new List<string> { "application/json-patch+json", "application/merge-patch+json" };
        if (!target.Type.IsCustom)
            supported.Add(Strategic);
        if (!supported.Contains(media))
            throw Failures.UnsupportedMediaType(
                $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", [.. supported, "application/apply-patch+yaml"])}"
            );
    }

    private static Func<JsonObject, JsonObject> Change(string media, JsonNode? patch, RequestTarget target)
    {
        JsonObject Patched(JsonObject node)
        {
            switch (media)
            {
                case "application/json-patch+json":
                    var operations =
                        patch as JsonArray
                        ?? throw Failures.BadRequest(
                            "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"
                        );
                    if (operations.Count > MaxOperations)
                        throw new StatusException(
                            413,
                            "RequestEntityTooLarge",
                            $"Request entity too large: The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}"
                        );
                    return JsonPatch.Apply(node, operations);
                case "application/merge-patch+json":
                    return MergePatch.Apply(
                            node,
                            patch as JsonObject
                                ?? throw Failures.BadRequest(
                                    patch is null
                                        ? "Invalid JSON Patch"
                                        : "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"
                                )
                        ) as JsonObject
                        ?? [];
                default:
                    return StrategicMergePatch.Apply(
                        node,
                        patch as JsonObject
                            ?? throw Failures.BadRequest(
                                $"json: cannot unmarshal {RequestBody.GoName(patch)} into Go value of type map[string]interface {{}}"
                            ),
                        target.Type.Schema
                    );
            }
        }
        if (target.Subresource != "scale")
            return Patched;
        return node => ScaleView.Write(target.Type, node, Patched(ScaleView.Read(target.Type, node)));
    }

    private (JsonObject Node, bool Created) Apply(HttpContext context, RequestTarget target, byte[] bytes, WriteOptions options)
    {
        var type = target.Type;
        if (context.Request.Query["fieldManager"].ToString().Length == 0)
            throw Failures.Invalid(
                "meta.k8s.io",
                "PatchOptions",
                "",
                [FieldError.Required("fieldManager", "is required for apply patch")]
            );
        var applied = AppliedBody.Decode(bytes, target);
        var metadata = applied.Metadata();
        var version = metadata.Text("resourceVersion");
        var uid = metadata.Text("uid");
        foreach (var field in new[] { "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation" })
            metadata.Remove(field);
        if (target.Subresource == "status")
            Keep(applied, "status");
        else if (type.HasStatus)
            applied.Remove("status");
        var manager = writer.Writer(type, options, target.Subresource) with { Operation = "Apply" };
        while (writer.Store.Get(type.Shelf, target.Namespace, target.Name) is null)
        {
            if (target.Subresource.Length > 0)
                throw Failures.NotFound(type, target.Name);
            if (uid is not null)
                throw Failures.Conflict(
                    type,
                    target.Name,
                    $"uid mismatch: the provided object specified uid {uid}, and no existing object was found"
                );
            try
            {
                return (
                    writer.Create(
                        type,
                        target.Namespace,
                        ApplyPatch.Run(null, applied, type, manager, force: true),
                        options,
                        isApply: true
                    ),
                    true
                );
            }
            catch (StatusException fault) when (fault.Reason == "AlreadyExists")
            {
                continue; // made by somebody else just now: apply to it
            }
        }
        JsonObject Merge(JsonObject live)
        {
            var merged = ApplyPatch.Run(live, applied, type, manager, options.Force);
            if (version is not null)
                merged.Metadata()["resourceVersion"] = version;
            if (uid is not null && uid != live.Uid())
            {
                var refusal = FieldError.Invalid("metadata.uid", JsonValue.Create(uid), "field is immutable");
                throw Failures.Invalid(type.Group, type.Kind, target.Name, type.IsCustom ? [refusal, refusal] : [refusal]);
            }
            return merged;
        }
        return (writer.Update(type, target.Namespace, target.Name, target.Subresource, Merge, options, isApply: true), false);
    }

    private static void Keep(JsonObject applied, string field)
    {
        foreach (
            var name in applied
                .Select(pair => pair.Key)
                .Where(name => name != field && name is not ("apiVersion" or "kind" or "metadata"))
                .ToList()
        )
            applied.Remove(name);
        var metadata = applied.Metadata();
        foreach (
            var name in metadata
                .Select(pair => pair.Key)
                .Where(name => name is not ("name" or "namespace" or "uid" or "resourceVersion"))
                .ToList()
        )
            metadata.Remove(name);
    }
}
