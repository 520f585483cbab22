using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Sam.Bench.Kind;

namespace Sam.Bench.Subjects;

/// <summary>A list as the official client reads it.</summary>
public sealed class WidgetList : IKubernetesObject<V1ListMeta>, IItems<Widget>
{
    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    /// <inheritdoc/>
    [JsonPropertyName("metadata")]
    public V1ListMeta Metadata { get; set; } = new();

    /// <inheritdoc/>
    [JsonPropertyName("items")]
    public IList<Widget> Items { get; set; } = [];
}
