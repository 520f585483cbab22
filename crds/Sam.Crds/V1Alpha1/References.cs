using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>Names an object of the same namespace; references never cross namespaces.</summary>
[Atomic]
public sealed record LocalReference
{
    /// <summary>Name of the object in the same namespace.</summary>
    [Required, Length(1, 253)]
    public string Name { get; set; } = "";
}

/// <summary>Names one key of a Secret of the same namespace.</summary>
[Atomic]
public sealed record SecretKeyReference
{
    /// <summary>Name of the Secret in the same namespace.</summary>
    [Required, Length(1, 253)]
    public string Name { get; set; } = "";

    /// <summary>Key in the Secret's data.</summary>
    [Default("token"), Length(1, 253)]
    public string Key { get; set; } = "token";
}

/// <summary>Names one key of a ConfigMap of the same namespace.</summary>
[Atomic]
public sealed record ConfigMapKeyReference
{
    /// <summary>Name of the ConfigMap in the same namespace.</summary>
    [Required, Length(1, 253)]
    public string Name { get; set; } = "";

    /// <summary>Key in the ConfigMap's data.</summary>
    [Default("compose.yaml"), Length(1, 253)]
    public string Key { get; set; } = "compose.yaml";
}

/// <summary>What happens to what is outside Kubernetes when the object is deleted.</summary>
public enum DeletionPolicy
{
    /// <summary>Everything outside is deleted too.</summary>
    Delete,

    /// <summary>What holds data outside stays, and is named in an event.</summary>
    Retain,
}
