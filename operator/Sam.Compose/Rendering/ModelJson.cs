using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sam.Compose.Model;
using Sam.Compose.Planning;

namespace Sam.Compose.Rendering;

/// <summary>The canonical JSON of a model: same model, same bytes.</summary>
public static class ModelJson
{
    public static string Render(ComposeModel model) => JsonSerializer.Serialize(model, CanonicalJson.Default.ComposeModel);

    /// <summary>Reads what Render wrote; throws JsonException on anything else.</summary>
    public static ComposeModel Parse(string json) =>
        Canonical(
            JsonSerializer.Deserialize(json, CanonicalJson.Default.ComposeModel) ?? throw new JsonException("null is no model")
        );

    // The serializer builds sorted collections with the default comparer; the model promises ordinal order.
    internal static ComposeModel Canonical(ComposeModel model) =>
        new()
        {
            Volumes = model.Volumes.ToImmutableSortedSet(StringComparer.Ordinal),
            Services = Ordinal.Sort(
                model.Services.Select(entry =>
                    KeyValuePair.Create(
                        entry.Key,
                        entry.Value with
                        {
                            Environment = Ordinal.Sort(entry.Value.Environment),
                            DependsOn = Ordinal.Sort(entry.Value.DependsOn),
                            Labels = Ordinal.Sort(entry.Value.Labels),
                        }
                    )
                )
            ),
        };
}

/// <summary>The canonical JSON of a release: what an immutable Secret keeps.</summary>
public static class ReleaseJson
{
    public static string Render(ReleaseSpec release) => JsonSerializer.Serialize(release, CanonicalJson.Default.ReleaseSpec);

    /// <summary>Reads what Render wrote; throws JsonException on anything else.</summary>
    public static ReleaseSpec Parse(string json)
    {
        var release =
            JsonSerializer.Deserialize(json, CanonicalJson.Default.ReleaseSpec) ?? throw new JsonException("null is no release");
        return release with { Model = ModelJson.Canonical(release.Model), Images = Ordinal.Sort(release.Images) };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(ComposeModel))]
[JsonSerializable(typeof(ReleaseSpec))]
[JsonSerializable(typeof(ContainerSpec))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
