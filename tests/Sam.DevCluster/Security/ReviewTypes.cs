using System.Text.Json.Nodes;
using Sam.DevCluster.Apply;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Security;

/// <summary>Kinds that are answered and never stored.</summary>
internal static class ReviewTypes
{
    public const string Authentication = "authentication.k8s.io";

    public const string Authorization = "authorization.k8s.io";

    private static readonly Schema Open = OpenSchema();

    public static readonly ResourceType TokenRequest = Type(Authentication, "TokenRequest", "tokenrequests", true);

    private static readonly ResourceType[] Known =
    [
        Type(Authentication, "TokenReview", "tokenreviews"),
        Type(Authentication, "SelfSubjectReview", "selfsubjectreviews"),
        Type(Authorization, "SubjectAccessReview", "subjectaccessreviews"),
        Type(Authorization, "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
        Type(Authorization, "SelfSubjectRulesReview", "selfsubjectrulesreviews"),
        Type(Authorization, "LocalSubjectAccessReview", "localsubjectaccessreviews", true),
    ];

    public static IEnumerable<ResourceType> All => Known;

    public static ResourceType? Find(string group, string plural) =>
        Known.FirstOrDefault(type => type.Group == group && type.Plural == plural);

    /// <summary>The sent object, its writer recorded as for anything that is stored.</summary>
    public static async Task<JsonObject> ReadAsync(HttpContext context, ResourceType type, string now, string subresource = "")
    {
        var bytes = await RequestBody.ReadAsync(context);
        var node = RequestBody.Decode(bytes, context.Request.ContentType ?? "", type, []);
        node.Remove("status");
        if (type.Kind == "TokenRequest")
            node.Ensure("spec")["expirationSeconds"] ??= 3600;
        var manager = ResourceHandler.ReadOptions(context, "CreateOptions").Manager;
        node.Metadata();
        ManagedFields.AfterUpdate(
            null,
            node,
            type,
            new ManagerEntry(manager, "Update", type.ApiVersion, subresource, now, new FieldTree())
        );
        // The spec is no pointer in these kinds: nobody owns it as such.
        foreach (var entry in node.Metadata().Array("managedFields") ?? [])
            entry.At("fieldsV1").Object("f:spec")?.Remove(".");
        return node;
    }

    private static ResourceType Type(string group, string kind, string plural, bool isNamespaced = false) =>
        new()
        {
            Group = group,
            Version = "v1",
            Kind = kind,
            Plural = plural,
            Singular = kind.ToLowerInvariant(),
            Namespaced = isNamespaced,
            Schema = Open,
            Shelf = plural,
            Verbs = ["create"],
        };

    private static Schema OpenSchema()
    {
        var schema = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
        ObjectMeta.Complete(schema);
        schema.Ensure("properties")["spec"] = new JsonObject
        {
            ["type"] = "object",
            ["x-kubernetes-preserve-unknown-fields"] = true,
        };
        return SchemaReader.Read(schema);
    }
}
