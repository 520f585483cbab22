using System.Text.Json.Nodes;

namespace Sam.DevCluster.OpenApi;

/// <summary>The parameters of paths and queries.</summary>
internal static class Parameters
{
    public const string Name = "name";
    public const string Namespace = "namespace";
    public const string Pretty = "pretty";

    public static readonly string[] Get = ["resourceVersion"];

    public static readonly string[] Create = ["dryRun", "fieldManager", "fieldValidation"];

    public static readonly string[] Patch = [.. Create, "force"];

    public static readonly string[] Delete =
    [
        "dryRun",
        "gracePeriodSeconds",
        "ignoreStoreReadErrorWithClusterBreakingPotential",
        "orphanDependents",
        "propagationPolicy",
    ];

    public static readonly string[] List =
    [
        "allowWatchBookmarks",
        "continue",
        "fieldSelector",
        "labelSelector",
        "limit",
        "resourceVersion",
        "resourceVersionMatch",
        "sendInitialEvents",
        "shardSelector",
        "timeoutSeconds",
        "watch",
    ];

    public static readonly string[] DeleteCollection =
    [
        .. List.Except(["allowWatchBookmarks", "watch"]).Concat(Delete).Order(StringComparer.Ordinal),
    ];

    // kubectl reads from these whether a verb takes a dry run or a field validation; the text is for humans.
    private static readonly Dictionary<string, (string Type, string Text)> Queries = new(StringComparer.Ordinal)
    {
        [Pretty] = ("string", "If 'true', the answer is indented. It is not by default, except for browsers and curl."),
        ["allowWatchBookmarks"] = ("boolean", "Asks a watch for events of type BOOKMARK, which tell how far it has come."),
        ["continue"] = ("string", "Asks for the page after the one that named this token. Tokens expire after some minutes."),
        ["dryRun"] = (
            "string",
            "When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed"
        ),
        ["fieldManager"] = (
            "string",
            "fieldManager is a name associated with the actor or entity that is making these changes. The value must be less than or 128 characters long, and only contain printable characters, as defined by https://golang.org/pkg/unicode/#IsPrint."
        ),
        ["fieldSelector"] = ("string", "Only objects whose fields have these values."),
        ["fieldValidation"] = (
            "string",
            "fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields. Valid values are: - Ignore: This will ignore any unknown fields that are silently dropped from the object, and will ignore all but the last duplicate field that the decoder encounters. This is the default behavior prior to v1.23. - Warn: This will send a warning via the standard warning response header for each unknown field that is dropped from the object, and for each duplicate field that is encountered. The request will still succeed if there are no other errors, and will only persist the last of any duplicate fields. This is the default in v1.23+ - Strict: This will fail the request with a BadRequest error if any unknown fields would be dropped from the object, or if any duplicate fields are present. The error returned from the server will contain all unknown and duplicate fields encountered."
        ),
        ["force"] = (
            "boolean",
            "Force is going to \"force\" Apply requests. It means user will re-acquire conflicting fields owned by other people. Force flag must be unset for non-apply patch requests."
        ),
        ["gracePeriodSeconds"] = ("integer", "Seconds before the object goes; zero at once."),
        ["ignoreStoreReadErrorWithClusterBreakingPotential"] = ("boolean", "Deletes what cannot be read from the store."),
        ["labelSelector"] = ("string", "Only objects whose labels match."),
        ["limit"] = ("integer", "At most so many items in one answer; the rest is behind the token of the list."),
        ["orphanDependents"] = ("boolean", "The old form of propagationPolicy."),
        ["propagationPolicy"] = ("string", "What becomes of dependents: Orphan, Background or Foreground."),
        ["resourceVersion"] = ("string", "The version that the answer is to have or to begin at."),
        ["resourceVersionMatch"] = ("string", "How resourceVersion is meant: Exact or NotOlderThan."),
        ["sendInitialEvents"] = ("boolean", "Asks a watch for what is there, then for a bookmark, then for what changes."),
        ["shardSelector"] = ("string", "Only objects of one shard."),
        ["timeoutSeconds"] = ("integer", "When a list or a watch is to end."),
        ["watch"] = ("boolean", "Follows the changes instead of answering with a list."),
    };

    public static JsonObject Of(string parameter, string kind) =>
        parameter switch
        {
            Name => InPath(parameter, $"name of the {kind}"),
            Namespace => InPath(parameter, "object name and auth scope, such as for teams and projects"),
            _ => InQuery(parameter),
        };

    /// <summary>The manager of an apply is not optional, which the text of patches says.</summary>
    public static JsonObject OfPatch(string parameter, string kind)
    {
        var found = Of(parameter, kind);
        if (parameter == "fieldManager")
            found["description"] =
                $"{found["description"]} This field is required for apply requests (application/apply-patch) but optional for non-apply patch types (JsonPatch, MergePatch, StrategicMergePatch).";
        return found;
    }

    private static JsonObject InQuery(string parameter) =>
        new()
        {
            ["name"] = parameter,
            ["in"] = "query",
            ["description"] = Queries[parameter].Text,
            ["schema"] = new JsonObject { ["type"] = Queries[parameter].Type, ["uniqueItems"] = true },
        };

    private static JsonObject InPath(string parameter, string description) =>
        new()
        {
            ["name"] = parameter,
            ["in"] = "path",
            ["description"] = description,
            ["required"] = true,
            ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
        };
}
