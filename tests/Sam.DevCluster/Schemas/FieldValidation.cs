using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Schemas;

/// <summary>Unknown and duplicate fields: refused, warned about, or dropped in silence.</summary>
internal static class FieldValidation
{
    public static void Apply(JsonObject body, ResourceType type, WriteOptions options, IEnumerable<string>? duplicates = null)
    {
        var problems = (duplicates ?? [])
            .Select(path => $"duplicate field \"{path}\"")
            .Concat(Pruning.Apply(body, type.Schema).Select(path => $"unknown field \"{path}\""))
            .ToList();
        if (problems.Count == 0)
            return;
        if (options.FieldValidation == "Strict")
        {
            throw Failures.BadRequest(
                type.IsCustom
                    ? $"strict decoding error: {string.Join(", ", problems)}"
                    : $"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: strict decoding error: {string.Join(", ", problems)}"
            );
        }
        if (options.FieldValidation == "Warn")
            options.Warnings.AddRange(problems);
    }
}
