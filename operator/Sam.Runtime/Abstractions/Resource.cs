using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Sam.Runtime.Abstractions;

/// <summary>A custom resource with a spec and a status subresource.</summary>
/// <typeparam name="TSpec">What a user asks for.</typeparam>
/// <typeparam name="TStatus">What the controller found; written through the status subresource only.</typeparam>
public abstract class Resource<TSpec, TStatus> : IKubernetesObject<V1ObjectMeta>, ISpec<TSpec>, IConditionedResource
    where TSpec : new()
    where TStatus : ConditionedStatus, new()
{
    /// <summary>Group and version, such as <c>example.dev/v1</c>.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    /// <summary>The kind's name.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    /// <summary>Standard object metadata.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What a user asks for.</summary>
    [JsonPropertyName("spec")]
    public TSpec Spec { get; set; } = new();

    /// <summary>What the controller found.</summary>
    [JsonPropertyName("status")]
    public TStatus Status { get; set; } = new();

    ConditionedStatus IConditionedResource.ConditionedStatus => Status;
}

/// <summary>A resource whose status carries conditions and steps.</summary>
public interface IConditionedResource : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The status part that the runtime writes.</summary>
    [JsonIgnore]
    ConditionedStatus ConditionedStatus { get; }
}

/// <summary>The part of a status that every kind has: conditions, the generation they speak of, and the steps with their times.</summary>
public abstract class ConditionedStatus
{
    /// <summary>The generation of the spec that this status speaks of; -1 before the controller saw the object.</summary>
    [JsonPropertyName("observedGeneration")]
    public long ObservedGeneration { get; set; } = -1;

    /// <summary>Conditions as <c>metav1.Condition</c>; one entry per type.</summary>
    [JsonPropertyName("conditions")]
    public IList<V1Condition> Conditions { get; set; } = [];

    /// <summary>Steps of the controller with the time each took, so that slow is visible.</summary>
    [JsonPropertyName("steps")]
    public IList<StepStatus> Steps { get; set; } = [];

    /// <summary>When the controller looks again by itself, where it waits for time to pass (RFC 3339).</summary>
    [JsonPropertyName("nextCheckAt")]
    public DateTimeOffset? NextCheckAt { get; set; }
}

/// <summary>One step of a controller's list, as last run.</summary>
public sealed class StepStatus
{
    /// <summary>The step's name.</summary>
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>When the step began to wait or work (RFC 3339); survives restarts, so that a deadline is never extended.</summary>
    [JsonPropertyName("startedAt")]
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When the step's condition first held (RFC 3339); absent while it does not.</summary>
    [JsonPropertyName("finishedAt")]
    public DateTimeOffset? FinishedAt { get; set; }
}
