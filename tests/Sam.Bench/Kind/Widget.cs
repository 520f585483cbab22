using System.Text.Json.Serialization;
using k8s.Models;
using Sam.Runtime.Abstractions;

namespace Sam.Bench.Kind;

/// <summary>What is asked of an object of the bench.</summary>
public sealed class WidgetSpec
{
    /// <summary>A number to show in status.</summary>
    [JsonPropertyName("value")]
    public long Value { get; set; }
}

/// <summary>What was found.</summary>
public sealed class WidgetStatus : ConditionedStatus
{
    /// <summary>The number of the spec that was worked on last.</summary>
    [JsonPropertyName("value")]
    public long? Value { get; set; }

    /// <summary>The lease transition under which this was written, in the lease trial.</summary>
    [JsonPropertyName("epoch")]
    public long? Epoch { get; set; }

    /// <summary>Who wrote it, in the lease trial.</summary>
    [JsonPropertyName("writer")]
    public string? Writer { get; set; }
}

/// <summary>The object of the bench.</summary>
[KubernetesEntity(
    Group = WidgetDefinition.Group,
    ApiVersion = WidgetDefinition.Version,
    Kind = "Widget",
    PluralName = WidgetDefinition.Plural
)]
public sealed class Widget : Resource<WidgetSpec, WidgetStatus>
{
    /// <summary>Whether the status speaks of the present spec.</summary>
    [JsonIgnore]
    public bool IsConverged => Status.Value == Spec.Value;
}
