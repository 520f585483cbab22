using System.Text.RegularExpressions;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Http;

/// <summary>What is refused before a verb is looked at.</summary>
internal static partial class RequestChecks
{
    public static void Query(IQueryCollection query)
    {
        if (query["timeout"].ToString() is not { Length: > 0 } timeout || Duration().IsMatch(timeout))
            return;
        var unit = timeout.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        throw Failures.BadRequest(
            unit.Length == 0
                ? $"invalid timeout specified in the request URL - time: missing unit in duration \"{timeout}\""
                : $"invalid timeout specified in the request URL - time: unknown unit \"{unit}\" in duration \"{timeout}\""
        );
    }

    /// <summary>A list cannot be shown as one object's metadata, nor one object as a list.</summary>
    public static void Form(string verb, AnswerForm form, ResourceType type)
    {
        if (verb == "list" && form == AnswerForm.Partial)
            throw Accepted.Refused(
                $"you requested PartialObjectMetadata, but the requested object is a list ({GoType(type)}List)"
            );
        if (verb == "get" && form == AnswerForm.PartialList)
            throw Accepted.Refused(
                $"you requested PartialObjectMetadataList, but the requested object is not a list ({GoType(type)})"
            );
    }

    private static string GoType(ResourceType type) =>
        type.IsCustom
            ? "*unstructured.Unstructured"
            : $"*{(type.Group.Length == 0 ? "core" : type.Group.Split('.')[0])}.{type.Kind}";

    [GeneratedRegex(@"^(0|([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+)$")]
    private static partial Regex Duration();
}
