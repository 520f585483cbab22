using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Http;

/// <summary>DELETE of one object or of a selection.</summary>
internal sealed class DeleteHandler(ObjectWriter writer, ObjectDeleter deleter)
{
    public async Task HandleAsync(HttpContext context, RequestTarget target, string verb, Func<int, JsonObject, Task> answer)
    {
        if (target.Subresource.Length > 0)
            throw Failures.MethodNotAllowed();
        var request = await DeleteOptions.ReadAsync(context);
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
