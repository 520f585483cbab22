using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Schemas;

/// <summary>Values of a wrong type are refused; unknown and duplicate fields are refused, warned about, or dropped in silence.</summary>
internal static class FieldValidation
{
    public static void Apply(
        JsonObject body,
        ResourceType type,
        WriteOptions options,
        IEnumerable<string>? duplicates = null,
        bool isPatch = false
    )
    {
        var patched = isPatch ? Shown(body, type, options) : null;
        var decoded = StructDecoding.Run(body, type);
        if (decoded?.Fault is { } fault)
            throw Refusal(type, patched, options.StrategicPatch is null ? fault.Json : fault.Map ?? fault.Json);
        var unknown = type.IsCustom || decoded is null ? Pruning.Apply(body, type.Schema) : decoded.Unknown;
        var problems = (duplicates ?? [])
            .Select(path => $"duplicate field \"{path}\"")
            .Concat(isPatch ? options.PatchProblems : [])
            .Concat(unknown.Select(path => $"unknown field \"{path}\""))
            .ToList();
        if (problems.Count == 0)
            return;
        if (options.FieldValidation == "Strict")
            throw Refusal(type, patched, $"strict decoding error: {string.Join(", ", problems)}");
        if (options.FieldValidation == "Warn")
            options.Warnings.AddRange(problems);
    }

    private static string Shown(JsonObject body, ResourceType type, WriteOptions options) =>
        options.StrategicPatch is { } patch ? GoMapText.Of(patch) : JsonOrder.Sorted(body).ToText();

    private static StatusException Refusal(ResourceType type, string? patched, string why) =>
        patched is null
            ? Failures.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {why}")
            : Failures.UnreadablePatch(patched, why);
}
