using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>What the small kinds have in common: fields, names, labels, renaming.</summary>
internal static class ResourceAnswers
{
    /// <summary>The first field that the body may not have, or a name or labels that cannot be.</summary>
    public static Answer? Wrong<TThing>(
        HetznerCall call,
        IEnumerable<TThing> others,
        long own,
        params ReadOnlySpan<string> fields
    )
        where TThing : ISimThing
    {
        foreach (var (key, _) in call.Body)
        {
            if (!fields.Contains(key))
                return Answer.Invalid(key, "unknown field");
        }
        if (CreateValidation.LabelsOf(call.Body["labels"] as JsonObject) is { } refused)
            return refused;
        var name = CreateValidation.Word(call.Body["name"]);
        if (name.Length > 64)
            return Answer.Invalid("name", "is too long");
        return name.Length > 0 && others.Any(other => other.Id != own && other.Name == name)
            ? Answer.Taken("name", "name is already used")
            : null;
    }

    /// <summary>A new name or new labels, if the body has them.</summary>
    public static void Rename(HetznerCall call, Action<string> name, Action<Dictionary<string, string>> labels)
    {
        if (CreateValidation.Word(call.Body["name"]) is { Length: > 0 } given)
            name(given);
        if (call.Body["labels"] is JsonObject pairs)
            labels(SimLabels.Of(pairs));
    }

    /// <summary>A positive whole number of the body; 0 if there is none.</summary>
    public static long Number(HetznerCall call, string field) =>
        call.Body[field] is { } node
        && node.GetValueKind() == JsonValueKind.Number
        && node.AsValue().TryGetValue<long>(out var number)
            ? number
            : 0;

    public static Answer One(string key, JsonObject? thing) =>
        thing is null ? Answer.NotFound(key.Replace('_', ' ')) : Answer.Ok(new JsonObject { [key] = thing });
}
