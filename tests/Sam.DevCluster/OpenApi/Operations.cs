using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.OpenApi;

/// <summary>The operations on one path of a resource, in the form of OpenAPI v3.</summary>
/// <param name="type">The resource.</param>
/// <param name="place">What comes before the kind in names: <c>Namespaced</c> or nothing.</param>
/// <param name="part">A subresource, or nothing.</param>
/// <param name="schema">The kind whose schema is read and written.</param>
/// <param name="named">The kind that the operations are said to be about.</param>
internal sealed class Operations(ResourceType type, string place, string part, string schema, JsonObject named)
{
    private static readonly string[] Forms = ["application/json", "application/yaml"];

    private string Word => SchemaNames.GroupWord(type);

    private string Part => part.Length == 0 ? "" : char.ToUpperInvariant(part[0]) + part[1..];

    private string Specified => (part.Length == 0 ? "" : part + " of ") + "the specified " + type.Kind;

    public JsonObject List(string suffix) =>
        Operation(
            $"list{Word}{place}{type.Kind}{suffix}",
            "list",
            type.IsCustom ? $"list objects of kind {type.Kind}" : $"list or watch objects of kind {type.Kind}",
            Parameters.List,
            (200, SchemaNames.OfList(type))
        );

    public JsonObject Watch(string suffix, bool isList) =>
        Operation(
            $"watch{Word}{place}{type.Kind}{(isList ? "List" : "")}{suffix}",
            isList ? "watchlist" : "watch",
            $"watch changes of {type.Kind}. deprecated: use the 'watch' parameter with a list operation instead.",
            [],
            (200, SchemaNames.Shared("WatchEvent"))
        );

    public JsonObject Create() =>
        WithBody(
            Operation(
                $"create{Word}{place}{type.Kind}{Part}",
                "post",
                part.Length == 0 ? $"create a {type.Kind}" : $"create {part} of a {type.Kind}",
                Parameters.Create,
                (200, schema),
                (201, schema),
                (202, schema)
            ),
            schema,
            BodyForms
        );

    public JsonObject DeleteCollection() =>
        WithBody(
            Operation(
                $"delete{Word}Collection{place}{type.Kind}",
                "deletecollection",
                $"delete collection of {type.Kind}",
                Parameters.DeleteCollection,
                (200, SchemaNames.Shared("Status"))
            ),
            SchemaNames.Shared("DeleteOptions"),
            BodyForms,
            isRequired: false
        );

    public JsonObject Read() =>
        Operation(
            $"read{Word}{place}{type.Kind}{Part}",
            "get",
            "read " + Specified,
            type.IsCustom ? Parameters.Get : [],
            (200, schema)
        );

    public JsonObject Replace() =>
        WithBody(
            Operation(
                $"replace{Word}{place}{type.Kind}{Part}",
                "put",
                "replace " + Specified,
                Parameters.Create,
                (200, schema),
                (201, schema)
            ),
            schema,
            BodyForms
        );

    public JsonObject Delete() =>
        WithBody(
            Operation(
                $"delete{Word}{place}{type.Kind}",
                "delete",
                $"delete a {type.Kind}",
                Parameters.Delete,
                (200, SchemaNames.Shared("Status")),
                (202, SchemaNames.Shared("Status"))
            ),
            SchemaNames.Shared("DeleteOptions"),
            BodyForms,
            isRequired: false
        );

    public JsonObject Patch() =>
        WithBody(
            Operation(
                $"patch{Word}{place}{type.Kind}{Part}",
                "patch",
                "partially update " + Specified,
                Parameters.Patch,
                type.IsCustom ? [(200, schema)] : [(200, schema), (201, schema)]
            ),
            SchemaNames.Shared("Patch"),
            [
                "application/apply-patch+yaml",
                "application/json-patch+json",
                "application/merge-patch+json",
                .. type.IsCustom ? (string[])[] : ["application/strategic-merge-patch+json"],
            ]
        );

    private string[] BodyForms => type.IsCustom ? Forms : ["*/*"];

    private JsonObject Operation(
        string id,
        string action,
        string description,
        string[] parameters,
        params (int Code, string Schema)[] answers
    )
    {
        var responses = new JsonObject();
        foreach (var (code, answer) in answers)
            responses[code.ToString()] = new JsonObject
            {
                ["description"] = code switch
                {
                    200 => "OK",
                    201 => "Created",
                    _ => "Accepted",
                },
                ["content"] = Content(Forms, answer),
            };
        responses["401"] = new JsonObject { ["description"] = "Unauthorized" };
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(SchemaNames.Tag(type)),
            ["description"] = description,
            ["operationId"] = id,
        };
        if (parameters.Length > 0)
            operation["parameters"] = new JsonArray([
                .. parameters.Select(name =>
                    (JsonNode)(action == "patch" ? Parameters.OfPatch(name, type.Kind) : Parameters.Of(name, type.Kind))
                ),
            ]);
        operation["responses"] = responses;
        operation["x-kubernetes-action"] = action;
        operation["x-kubernetes-group-version-kind"] = named.DeepClone();
        return operation;
    }

    private static JsonObject WithBody(JsonObject operation, string schema, string[] forms, bool isRequired = true)
    {
        var body = new JsonObject { ["content"] = Content(forms, schema) };
        if (isRequired)
            body["required"] = true;
        operation["requestBody"] = body;
        return operation;
    }

    private static JsonObject Content(string[] forms, string schema) =>
        new(
            forms.Select(form =>
                KeyValuePair.Create(
                    form,
                    (JsonNode?)new JsonObject { ["schema"] = SchemaNames.Reference(schema, OpenApiForm.Version3) }
                )
            )
        );
}
