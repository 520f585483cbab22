using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Faults;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;
using Sam.DevCluster.Storage;
using Sam.DevCluster.Tables;

namespace Sam.DevCluster.Http;

/// <summary>The verbs of a resource.</summary>
internal sealed class ResourceHandler(
    ObjectWriter writer,
    ObjectDeleter deleter,
    WatchHandler watches,
    TableWriter tables,
    FaultGate faults
)
{
    public async Task HandleAsync(HttpContext context, RequestTarget target)
    {
        var query = context.Request.Query;
        if (IsNowhere(context, target))
        {
            await Answers.WritePlainAsync(context, 404, "404 page not found\n");
            return;
        }
        CheckSubresource(target, context.Request.Method);
        // One object is watched by the selector of its name, or by the old path: here the parameter means nothing.
        var isWatch = target.IsOldWatch || (target.Name.Length == 0 && QueryFlags.IsSet(query, "watch"));
        var verb = VerbOf(context.Request.Method, target, isWatch);
        await faults.PassAsync(context, RequestFacts.Of(context, target, verb), () => AnswerAsync(context, target, verb));
    }

    private async Task AnswerAsync(HttpContext context, RequestTarget target, string verb)
    {
        var query = context.Request.Query;
        var type = target.Type;
        if (type.DeprecationWarning is { } warning)
            Answers.Warn(context, [warning]);
        var form = Accepted.Read(context.Request.Headers.Accept.ToString(), type.IsCustom);
        RequestChecks.Query(query);
        RequestChecks.Form(verb, form, type);
        switch (verb)
        {
            case "get":
                await GetAsync(context, target, form);
                break;
            case "list":
                await ListAsync(context, target, form);
                break;
            case "watch":
                var fields = target.Name.Length > 0 ? $"metadata.name={target.Name}" : query["fieldSelector"].ToString();
                await watches.RunAsync(
                    context,
                    type,
                    new Selection(type, target.Namespace, query["labelSelector"], fields),
                    form
                );
                break;
            case "create":
                await CreateAsync(context, target, form);
                break;
            case "update":
                await UpdateAsync(context, target, form);
                break;
            case "patch":
                await new PatchHandler(writer).HandleAsync(
                    context,
                    target,
                    (code, node) => WriteAsync(context, code, target, node, form)
                );
                break;
            default:
                await new DeleteHandler(writer, deleter).HandleAsync(
                    context,
                    target,
                    verb,
                    (code, node) => WriteAsync(context, code, target, node, form)
                );
                break;
        }
    }

    public static WriteOptions ReadOptions(HttpContext context, string kind)
    {
        var options = WriteQuery.Read(context, kind);
        context.Features.Set(options); // a refusal shows the warnings so far as well
        return options;
    }

    // A custom resource is created in its namespace; without one there is no such path.
    private static bool IsNowhere(HttpContext context, RequestTarget target) =>
        target.Type is { IsCustom: true, Namespaced: true }
        && target.Namespace.Length == 0
        && context.Request.Method is not ("GET" or "HEAD");

    private static string VerbOf(string method, RequestTarget target, bool isWatch) =>
        (method, target.Name.Length > 0) switch
        {
            ("GET", _) when isWatch => "watch",
            ("GET", true) => "get",
            ("GET", false) => "list",
            ("POST", false) when !target.Type.Namespaced || target.Namespace.Length > 0 => "create",
            ("PUT", true) => "update",
            ("PATCH", true) => "patch",
            ("DELETE", true) => "delete",
            ("DELETE", false) when target.Type.Strategy.HasCollectionDelete => "deletecollection",
            _ => throw Failures.MethodNotAllowed(),
        };

    private static void CheckSubresource(RequestTarget target, string method)
    {
        var known = target.Subresource switch
        {
            "" => true,
            "status" => target.Type.HasStatus,
            "scale" => target.Type.Scale is not null,
            "finalize" => target.Type.Kind == "Namespace",
            "resize" or "ephemeralcontainers" => target.Type.QualifiedName == "pods",
            _ => false,
        };
        if (!known)
            throw target.Type.IsCustom ? Failures.NotFound(target.Type, target.Name) : Failures.NoResource();
        if (target.Type.IsCustom && target.Subresource.Length > 0 && method is "POST" or "DELETE")
            throw Failures.NotSupported(target.Type, method == "POST" ? "create" : "delete");
    }

    private async Task GetAsync(HttpContext context, RequestTarget target, AnswerForm form)
    {
        var stored =
            writer.Store.Get(target.Type.Shelf, target.Namespace, target.Name)
            ?? throw Failures.NotFound(target.Type, target.Name);
        if (ListOptions.SingleVersion(context.Request.Query) is { } asked && asked > writer.Store.Version)
            throw Failures.TooLargeVersion(asked, writer.Store.Version);
        if (form == AnswerForm.Json && target.Subresource != "scale")
            await Answers.WriteObjectAsync(context, 200, target.Type.Encode(stored));
        else
            await WriteAsync(context, 200, target, target.Type.Read(stored), form);
    }

    private async Task ListAsync(HttpContext context, RequestTarget target, AnswerForm form)
    {
        var page = new ListPage(writer.Store, target, context.Request.Query);
        if (form == AnswerForm.Table)
            await Answers.WriteAsync(
                context,
                200,
                tables.Render(
                    target.Type,
                    page.Items.Select(target.Type.Read),
                    page.BareMetadata,
                    context.Request.Query["includeObject"].ToString()
                )
            );
        else if (form is AnswerForm.PartialList)
            await Answers.WriteAsync(
                context,
                200,
                new JsonObject
                {
                    ["kind"] = "PartialObjectMetadataList",
                    ["apiVersion"] = "meta.k8s.io/v1",
                    ["metadata"] = page.BareMetadata,
                    ["items"] = new JsonArray([
                        .. page.Items.Select(item => (JsonNode)TableWriter.Partial(target.Type.Read(item))),
                    ]),
                }
            );
        else if (form == AnswerForm.Yaml)
            await Answers.WriteAsync(context, 200, JsonReading.Parse(page.Encode()), form);
        else
            await page.WriteAsync(context);
    }

    private async Task CreateAsync(HttpContext context, RequestTarget target, AnswerForm form)
    {
        var options = ReadOptions(context, "CreateOptions");
        var duplicates = new List<string>();
        var body = RequestBody.Decode(
            await RequestBody.ReadAsync(context),
            context.Request.ContentType ?? "",
            target.Type,
            duplicates,
            options
        );
        FieldValidation.Apply(body, target.Type, options, duplicates);
        var created = await GatedWork.RunAsync(options.Gate, () => writer.Create(target.Type, target.Namespace, body, options));
        Answers.Warn(context, options.Warnings);
        await WriteAsync(context, 201, target, created, form);
    }

    private async Task UpdateAsync(HttpContext context, RequestTarget target, AnswerForm form)
    {
        var options = ReadOptions(context, "UpdateOptions");
        var duplicates = new List<string>();
        var bytes = await RequestBody.ReadAsync(context);
        if (target.Subresource == "scale")
        {
            var scale = ScaleView.Decode(bytes, target.Name);
            var scaled = await GatedWork.RunAsync(
                options.Gate,
                () =>
                    writer.Update(
                        target.Type,
                        target.Namespace,
                        target.Name,
                        "scale",
                        node => ScaleView.Write(target.Type, node, scale),
                        options
                    )
            );
            await WriteAsync(context, 200, target, scaled, form);
            return;
        }
        var body = RequestBody.Decode(bytes, context.Request.ContentType ?? "", target.Type, duplicates, options);
        FieldValidation.Apply(body, target.Type, options, duplicates);
        ObjectIdentity.CheckNames(target.Type, body.Metadata(), target.Namespace, target.Name);
        var updated = await GatedWork.RunAsync(
            options.Gate,
            () => writer.Update(target.Type, target.Namespace, target.Name, target.Subresource, _ => body.Copy(), options)
        );
        Answers.Warn(context, options.Warnings);
        await WriteAsync(context, 200, target, updated, form);
    }

    private Task WriteAsync(HttpContext context, int code, RequestTarget target, JsonObject node, AnswerForm form)
    {
        if (node.Text("kind") == "Status" && node.Text("apiVersion") == "v1")
            return Answers.WriteAsync(context, code, node, form);
        if (target.Subresource == "scale")
            return Answers.WriteAsync(context, code, ScaleView.Read(target.Type, node, mustExist: true), form);
        var answer = form switch
        {
            AnswerForm.Table => tables.Render(
                target.Type,
                [node],
                new JsonObject { ["resourceVersion"] = node.Metadata().Text("resourceVersion") },
                context.Request.Query["includeObject"].ToString()
            ),
            AnswerForm.Partial => TableWriter.Partial(node),
            _ => node,
        };
        return Answers.WriteAsync(context, code, answer, form);
    }
}
