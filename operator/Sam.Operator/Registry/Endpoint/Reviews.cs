using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Sam.Operator.Registry.Endpoint;

// The client's own types of reviews name no plural, and so have no place that they could be sent to.

/// <summary>Asks whose a token is.</summary>
[KubernetesEntity(Group = "authentication.k8s.io", ApiVersion = "v1", Kind = "TokenReview", PluralName = "tokenreviews")]
internal sealed class TokenReview : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Group and version.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "authentication.k8s.io/v1";

    /// <summary>The kind's name.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "TokenReview";

    /// <summary>A review is not kept, so that this stays empty.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The question.</summary>
    [JsonPropertyName("spec")]
    public V1TokenReviewSpec Spec { get; set; } = new();

    /// <summary>The answer.</summary>
    [JsonPropertyName("status")]
    public V1TokenReviewStatus? Status { get; set; }
}

/// <summary>Asks whether somebody may do something.</summary>
[KubernetesEntity(
    Group = "authorization.k8s.io",
    ApiVersion = "v1",
    Kind = "SubjectAccessReview",
    PluralName = "subjectaccessreviews"
)]
internal sealed class SubjectAccessReview : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Group and version.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "authorization.k8s.io/v1";

    /// <summary>The kind's name.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "SubjectAccessReview";

    /// <summary>A review is not kept, so that this stays empty.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The question.</summary>
    [JsonPropertyName("spec")]
    public V1SubjectAccessReviewSpec Spec { get; set; } = new();

    /// <summary>The answer.</summary>
    [JsonPropertyName("status")]
    public V1SubjectAccessReviewStatus? Status { get; set; }
}
