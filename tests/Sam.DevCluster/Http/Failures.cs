using System.Text.Json.Nodes;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Http;

/// <summary>The refusals of the API in Kubernetes' own words.</summary>
internal static class Failures
{
    private const string ObjectModified =
        "the object has been modified; please apply your changes to the latest version and try again";

    public static StatusException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found", Details(type, name));

    public static StatusException NoResource() => new(404, "NotFound", "the server could not find the requested resource", []);

    public static StatusException AlreadyExists(ResourceType type, string name, bool isDeleting) =>
        new(
            409,
            "AlreadyExists",
            $"{(isDeleting ? "object is being deleted: " : "")}{type.QualifiedName} \"{name}\" already exists",
            Details(type, name)
        );

    public static StatusException Conflict(ResourceType type, string name, string? why = null) =>
        new(
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {type.QualifiedName} \"{name}\": {why ?? ObjectModified}",
            Details(type, name)
        );

    /// <summary>Custom resources are named by kind here, as the real server does.</summary>
    public static StatusException Precondition(ResourceType type, string name, string why) =>
        type.IsCustom ? Conflict(type with { Plural = type.Kind }, name, why) : Conflict(type, name, why);

    public static StatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static StatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static StatusException NotSupported(ResourceType type, string verb) =>
        new(
            405,
            "MethodNotAllowed",
            $"{verb} is not supported on resources of kind \"{type.QualifiedName}\"",
            new JsonObject { ["group"] = type.Group, ["kind"] = type.Plural }
        );

    public static StatusException Internal(string why) =>
        new(
            500,
            "InternalError",
            $"Internal error occurred: {why}",
            new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = why }) }
        );

    public static StatusException UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    public static StatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static StatusException Forbidden(ResourceType type, string name, string why) =>
        new(403, "Forbidden", $"{type.QualifiedName} \"{name}\" is forbidden: {why}", Details(type, name));

    /// <summary>403 for a resource that need not exist.</summary>
    public static StatusException ForbiddenResource(string group, string resource, string name, string message)
    {
        var details = new JsonObject();
        if (name.Length > 0)
            details["name"] = name;
        if (group.Length > 0)
            details["group"] = group;
        details["kind"] = resource;
        return new StatusException(403, "Forbidden", message, details);
    }

    public static StatusException Expired(string message) => new(410, "Expired", message);

    /// <summary>410 for a page that can be had no longer, with a token that goes on from the same place in the present.</summary>
    public static StatusException ExpiredToken(string next) =>
        new(
            410,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list."
        )
        {
            Continue = next,
        };

    public static StatusException TooLargeVersion(long asked, long current) =>
        new(
            504,
            "Timeout",
            $"Timeout: Too large resource version: {asked}, current: {current}",
            new JsonObject
            {
                ["causes"] = new JsonArray(
                    new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }
                ),
                ["retryAfterSeconds"] = 1,
            }
        )
        {
            RetryAfterSeconds = 1,
        };

    /// <summary>422 with every field error as a cause; custom resources are named by kind, as the real server does.</summary>
    public static StatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var texts = errors.Select(error => error.ToString()).Distinct(StringComparer.Ordinal).ToList();
        var summary = texts.Count == 1 ? texts[0] : "[" + string.Join(", ", texts) + "]";
        var qualified = group.Length == 0 ? kind : kind + "." + group;
        var details = new JsonObject();
        if (name.Length > 0)
            details["name"] = name;
        if (group.Length > 0)
            details["group"] = group;
        if (kind.Length > 0)
            details["kind"] = kind;
        details["causes"] = new JsonArray([
            .. errors.Select(error =>
                (JsonNode)
                    new JsonObject
                    {
                        ["reason"] = error.Reason,
                        ["message"] = error.Body,
                        ["field"] = error.Field,
                    }
            ),
        ]);
        return new StatusException(422, "Invalid", $"{qualified} \"{name}\" is invalid: {summary}", details);
    }

    /// <summary>A patch whose result cannot be decoded; the message quotes the whole result.</summary>
    public static StatusException UnreadablePatch(string patched, string why) =>
        Invalid("", "", "", [FieldError.Invalid("patch", JsonValue.Create(patched), why)]);

    private static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
            details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}
