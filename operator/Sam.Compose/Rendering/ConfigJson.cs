using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Compose.Model;

namespace Sam.Compose.Rendering;

/// <summary>A Compose project as `docker compose config --format json` (2.26) prints it.</summary>
/// <param name="Name">Name of the project.</param>
/// <param name="Directory">Absolute folder of the file; relative paths start there.</param>
public sealed record ConfigJson(string Name, string Directory)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document. A dollar sign is doubled, so that reading it again gives the same.</summary>
    public string Render(ComposeModel model) => Document(model).ToJsonString(Plain).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>The same as a tree, without doubled dollar signs.</summary>
    public JsonObject Document(ComposeModel model)
    {
        var written = model.Written?.All.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal) ?? [];
        var document = new JsonObject { ["name"] = written.TryGetValue("name", out var name) && name is not null ? name : Name };
        document["services"] = new JsonObject(
            model.Services.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)new ServiceJson(Directory).Of(entry.Value)))
        );
        var services = model.Services.Values.ToList();
        var project = document["name"]!.GetValue<string>();
        Add("networks", services.SelectMany(NetworksOf), Network);
        Add("volumes", services.SelectMany(service => service.Volumes).Select(mount => mount.Volume), own => own);
        Add("configs", services.SelectMany(service => service.Configs ?? []).Select(grant => grant.Source), File);
        Add("secrets", services.SelectMany(service => service.Secrets ?? []).Select(grant => grant.Source), File);
        foreach (var (key, value) in written.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
            document[key] = value;
        return document;

        void Add(string kind, IEnumerable<string> used, Func<JsonObject, JsonObject> complete)
        {
            var shown = new JsonObject();
            foreach (var key in used.Distinct().Order(StringComparer.Ordinal))
            {
                var own = (written.GetValueOrDefault(kind) as JsonObject)?[key]?.DeepClone() as JsonObject ?? [];
                Tidy(own);
                own["name"] ??= own["external"] is null ? $"{project}_{key}" : key;
                shown[key] = complete(own);
            }

            if (shown.Count > 0)
                document[kind] = shown;
        }
    }

    private JsonObject File(JsonObject own)
    {
        if (own["file"] is { } file)
            own["file"] = ServiceJson.Absolute(Directory, file.GetValue<string>());
        return own;
    }

    private static JsonObject Network(JsonObject own)
    {
        own["ipam"] ??= new JsonObject();
        return own;
    }

    private static void Tidy(JsonObject own)
    {
        foreach (var key in own.Where(entry => IsUnset(entry.Value)).Select(entry => entry.Key).ToList())
            own.Remove(key);
        if (own["labels"] is { } labels)
            own["labels"] = ServiceJson.Pairs(labels);
    }

    private static bool IsUnset(JsonNode? value) => value is null || value.GetValueKind() == JsonValueKind.False;

    private static IEnumerable<string> NetworksOf(ComposeService service) => service.Networks?.Keys ?? [ComposeNetwork.Default];
}
