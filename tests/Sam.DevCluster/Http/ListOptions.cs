using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Http;

/// <summary>The query of lists and watches.</summary>
internal static class ListOptions
{
    public static long? Version(IQueryCollection query)
    {
        var text = query["resourceVersion"].ToString();
        if (text.Length == 0)
            return null;
        return ulong.TryParse(text, out var version) && version <= long.MaxValue
            ? (long)version
            : throw Failures.BadRequest(
                $"invalid resource version: resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax"
            );
    }

    public static void CheckList(IQueryCollection query)
    {
        var match = query["resourceVersionMatch"].ToString();
        var version = query["resourceVersion"].ToString();
        var errors = new List<FieldError>();
        if (query["sendInitialEvents"].Count > 0)
            errors.Add(FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        if (match.Length > 0 && version.Length == 0)
            errors.Add(
                FieldError.Forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden unless resourceVersion is provided"
                )
            );
        if (match.Length > 0 && query["continue"].ToString().Length > 0)
            errors.Add(
                FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided")
            );
        if (match.Length > 0 && match is not ("Exact" or "NotOlderThan"))
            errors.Add(FieldError.Unsupported("resourceVersionMatch", match, ["Exact", "NotOlderThan", ""]));
        if (match == "Exact" && version == "0")
            errors.Add(
                FieldError.Forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""
                )
            );
        Throw(errors);
    }

    /// <summary>The version of a get or a watch, which refuse garbage in another way than a list does.</summary>
    public static long? SingleVersion(IQueryCollection query)
    {
        var text = query["resourceVersion"].ToString();
        return text.Length == 0 || ulong.TryParse(text, out _)
            ? Version(query)
            : throw new StatusException(
                500,
                null,
                $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax"
            );
    }

    public static void CheckWatch(IQueryCollection query)
    {
        var match = query["resourceVersionMatch"].ToString();
        var errors = new List<FieldError>();
        if (query["timeoutSeconds"].ToString() is { Length: > 0 } timeout && !long.TryParse(timeout, out _))
            throw Failures.BadRequest($"strconv.ParseInt: parsing \"{timeout}\": invalid syntax");
        if (query["continue"].ToString().Length > 0)
            errors.Add(
                FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided")
            );
        if (query["sendInitialEvents"].Count == 0)
        {
            if (match.Length > 0)
                errors.Add(
                    FieldError.Forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
                    )
                );
        }
        else if (match != "NotOlderThan")
        {
            errors.Add(
                FieldError.Forbidden(
                    "resourceVersionMatch",
                    "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
                )
            );
            if (match.Length > 0)
                errors.Add(FieldError.Unsupported("resourceVersionMatch", match, ["NotOlderThan"]));
        }
        Throw(errors);
    }

    public static string Token(long version, string after) =>
        Convert
            .ToBase64String(
                new JsonObject
                {
                    ["v"] = "meta.k8s.io/v1",
                    ["rv"] = version,
                    ["start"] = after + "\0", // the smallest key after this one
                }.ToUtf8()
            )
            .TrimEnd('=')
            .Replace('+', '-')
            .Replace('/', '_');

    public static (long Version, string After) ReadToken(string token)
    {
        try
        {
            var padded = token.Replace('-', '+').Replace('_', '/').PadRight((token.Length + 3) / 4 * 4, '=');
            var node = JsonReading.ParseObject(Convert.FromBase64String(padded));
            if (node.Text("v") != "meta.k8s.io/v1")
                throw new FormatException($"server does not recognize this encoded version {node.Text("v")}");
            return node.Child("rv").TryInteger(out var version) && node.Text("start") is { Length: > 0 } start
                ? (version, start.TrimEnd('\0'))
                : throw new FormatException("incorrect encoded start resourceVersion or key");
        }
        catch (Exception fault) when (fault is FormatException or System.Text.Json.JsonException or DecoderFallbackException)
        {
            throw Failures.BadRequest($"invalid continue token: continue key is not valid: {fault.Message}");
        }
    }

    private static void Throw(List<FieldError> errors)
    {
        if (errors.Count > 0)
            throw Failures.Invalid("meta.k8s.io", "ListOptions", "", errors);
    }
}
