using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Sam.Runtime.Resources;

/// <summary>
/// An object of which only the metadata is read and kept, as <c>PartialObjectMetadata</c>: for Secrets, whose data must not lie in a cache.
/// </summary>
/// <typeparam name="TEntity">The kind.</typeparam>
public sealed class MetadataOf<TEntity> : IKubernetesObject<V1ObjectMeta>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The API's name for this view of an object.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "meta.k8s.io/v1";

    /// <summary>The API's name for this view of an object.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "PartialObjectMetadata";

    /// <summary>The object's metadata.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();
}
