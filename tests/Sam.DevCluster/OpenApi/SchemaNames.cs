using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.OpenApi;

/// <summary>How schemas, operations and tags are called in the documents.</summary>
internal static partial class SchemaNames
{
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    public static string Of(ResourceType type) => PackageOf(type) + type.Kind;

    public static string OfList(ResourceType type) => PackageOf(type) + ListKindOf(type);

    public static string ListKindOf(ResourceType type) => type.ListKind.Length > 0 ? type.ListKind : type.Kind + "List";

    /// <summary>The full name of one of the shared schemas.</summary>
    public static string Shared(string name) =>
        name.StartsWith("Scale", StringComparison.Ordinal) ? "io.k8s.api.autoscaling.v1." + name : Meta + name;

    public static JsonObject Reference(string name, OpenApiForm form) =>
        new() { ["$ref"] = (form == OpenApiForm.Version3 ? "#/components/schemas/" : "#/definitions/") + name };

    /// <summary>Group and version as a word of operation names: <c>RbacAuthorizationV1</c>.</summary>
    public static string GroupWord(ResourceType type) => Words(GroupOf(type)) + Capital(type.Version);

    public static string Tag(ResourceType type)
    {
        var word = Words(GroupOf(type));
        return $"{char.ToLowerInvariant(word[0])}{word[1..]}_{type.Version}";
    }

    public static JsonObject GroupVersionKind(ResourceType type, string? kind = null) =>
        new()
        {
            ["group"] = type.Group,
            ["version"] = type.Version,
            ["kind"] = kind ?? type.Kind,
        };

    private static string GroupOf(ResourceType type) =>
        type.Group.Length == 0 ? "core"
        : type.IsCustom ? type.Group
        : type.Group.Replace(".k8s.io", "", StringComparison.Ordinal);

    private static string PackageOf(ResourceType type) =>
        type.IsCustom
            ? $"{string.Join('.', type.Group.Split('.').Reverse())}.{type.Version}."
            : Package(type.Group.Length == 0 ? "core" : type.Group.Split('.')[0], type.Version);

    /// <summary>What comes before the names of the server's own structs.</summary>
    public static string Package(string package, string version) =>
        package switch
        {
            "meta" => Meta,
            "apiextensions" => $"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.{version}.",
            "apiregistration" => $"io.k8s.kube-aggregator.pkg.apis.apiregistration.{version}.",
            _ => $"io.k8s.api.{package}.{version}.",
        };

    private static string Words(string text) => string.Concat(Separators().Split(text).Select(Capital));

    private static string Capital(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex Separators();
}
