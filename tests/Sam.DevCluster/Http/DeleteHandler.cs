using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Http;

/// <summary>DELETE of one object or of a selection.</summary>
internal sealed class DeleteHandler(ObjectWriter writer, ObjectDeleter deleter)
{
    public async Task HandleAsync(HttpContext context, RequestTarget target, string verb, Func<int, JsonObject, Task> answer)
    {
        if (target.Subresource.Length > 0)
            throw Failures.MethodNotAllowed();
        var request = await ReadAsync(context);
        if (verb == "deletecollection")
        {
            await DeleteAllAsync(context, target, request);
            return;
        }
        var (node, isGone) = await GatedWork.RunAsync(
            request.Options.Gate,
            () => deleter.Delete(target.Type, target.Namespace, target.Name, request)
        );
        Answers.Warn(context, request.Options.Warnings);
        await answer(200, isGone && !target.Type.Strategy.DeleteAnswersObject ? Success(target, node) : node);
    }

    private async Task DeleteAllAsync(HttpContext context, RequestTarget target, DeleteRequest request)
    {
        var page = new ListPage(writer.Store, target, context.Request.Query);
        var body = page.Encode();
        foreach (var item in page.Items)
        {
            try
            {
                await GatedWork.RunAsync(
                    request.Options.Gate,
                    () => deleter.Delete(target.Type, item.Namespace, item.Name, request)
                );
            }
            catch (StatusException fault) when (fault.Code == 404)
            {
                continue; // gone already, which is what was asked for
            }
        }
        await Answers.WriteAsync(context, 200, body);
    }

    private static async Task<DeleteRequest> ReadAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var bytes = await RequestBody.ReadAsync(context);
        var body = bytes.Length == 0 ? [] : RequestBody.Parse(bytes, context.Request.ContentType ?? "", null) as JsonObject ?? [];
        var propagation =
            body.Text("propagationPolicy") ?? (query["propagationPolicy"].ToString() is { Length: > 0 } asked ? asked : null);
        if (propagation is not (null or "Orphan" or "Background" or "Foreground"))
            throw Failures.Invalid(
                "meta.k8s.io",
                "DeleteOptions",
                "",
                [FieldError.Unsupported("propagationPolicy", propagation, ["Foreground", "Background", "Orphan"])]
            );
        if (
            (
                body.Child("orphanDependents")
                ?? (query["orphanDependents"].ToString() is { Length: > 0 } orphan ? JsonValue.Create(orphan == "true") : null)
            ).Flag() is
            { } orphans
        )
            propagation ??= orphans ? "Orphan" : "Background";
        var dryRun = query["dryRun"] == "All" || body.Child("dryRun").Strings().Contains("All");
        return new DeleteRequest(
            body.At("preconditions", "uid").Text(),
            body.At("preconditions", "resourceVersion").Text(),
            propagation,
            dryRun
        )
        {
            Options = WriteOptions.Internal with
            {
                DryRun = dryRun,
                Warnings = [],
                Gate = context.Features.Get<IWriteGate>(),
            },
        };
    }

    private static JsonObject Success(RequestTarget target, JsonObject node)
    {
        var details = new JsonObject { ["name"] = target.Name };
        if (target.Type.Group.Length > 0)
            details["group"] = target.Type.Group;
        details["kind"] = target.Type.Plural;
        details["uid"] = node.Uid();
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
