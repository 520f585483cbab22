using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Schemas;

/// <summary>Unknown and duplicate fields: refused, warned about, or dropped in silence.</summary>
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
        var patched = isPatch ? JsonOrder.Sorted(body) : null;
        var problems = (duplicates ?? [])
            .Select(path => $"duplicate field \"{path}\"")
            .Concat(Pruning.Apply(body, type.Schema).Select(path => $"unknown field \"{path}\""))
            .ToList();
        if (problems.Count == 0)
            return;
        if (options.FieldValidation == "Strict")
        {
            var refusal = $"strict decoding error: {string.Join(", ", problems)}";
            throw patched is null
                ? Failures.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {refusal}")
                : Failures.UnreadablePatch(patched, refusal);
        }
        if (options.FieldValidation == "Warn")
            options.Warnings.AddRange(problems);
    }
}
