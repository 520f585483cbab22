using System.Reflection;
using k8s;
using k8s.Models;

namespace Sam.Runtime.Abstractions;

/// <summary>What a class asks of the Kubernetes API; the roles of the installation are generated from all of them.</summary>
/// <param name="entity">The kind.</param>
/// <param name="verbs">What is done with it: get, list, watch, create, update, patch, delete.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class RbacAttribute(Type entity, string[] verbs) : Attribute
{
    /// <summary>API group of the kind; empty for the core group.</summary>
    public string Group => Place.Group;

    /// <summary>Plural name of the kind.</summary>
    public string Plural => Place.PluralName;

    /// <summary>What is done with it.</summary>
    public IReadOnlyList<string> Verbs { get; } = verbs;

    /// <summary>Such as <c>status</c>; null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>Only in the namespace that the operator runs in.</summary>
    public bool InOwnNamespace { get; init; }

    /// <summary>Only the object of this name; null for all.</summary>
    public string? Name { get; init; }

    private KubernetesEntityAttribute Place =>
        entity.GetCustomAttribute<KubernetesEntityAttribute>()
        ?? throw new InvalidOperationException($"{entity.Name} has no [KubernetesEntity]");
}

/// <summary>What a class asks of the Kubernetes API for one kind.</summary>
/// <typeparam name="TEntity">The kind.</typeparam>
/// <param name="verbs">What is done with it: get, list, watch, create, update, patch, delete.</param>
public sealed class RbacAttribute<TEntity>(params string[] verbs) : RbacAttribute(typeof(TEntity), verbs)
    where TEntity : IKubernetesObject<V1ObjectMeta>;
