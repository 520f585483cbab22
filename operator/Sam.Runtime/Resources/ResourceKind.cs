using System.Reflection;
using k8s.Models;

namespace Sam.Runtime.Resources;

/// <summary>Where a kind lives in the API.</summary>
/// <param name="Group">Its group; empty for the core.</param>
/// <param name="Version">Its version.</param>
/// <param name="Kind">Its name.</param>
/// <param name="Plural">Its name in paths.</param>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural)
{
    /// <summary>Group and version as an object names them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    private string Root => Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";

    /// <summary>The kind of a type with <see cref="KubernetesEntityAttribute"/>, also behind <see cref="MetadataOf{TEntity}"/>.</summary>
    public static ResourceKind Of<TEntity>()
    {
        var type = typeof(TEntity);
        if (IsMetadataOnly<TEntity>())
            type = type.GetGenericArguments()[0];
        var entity =
            type.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InvalidOperationException($"{type} has no [KubernetesEntity]");
        return new ResourceKind(entity.Group ?? "", entity.ApiVersion, entity.Kind, entity.PluralName);
    }

    /// <summary>As <c>kubectl api-resources</c> names it: plural and group.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Whether a type stands for the metadata of a kind only.</summary>
    public static bool IsMetadataOnly<TEntity>() =>
        typeof(TEntity).IsGenericType && typeof(TEntity).GetGenericTypeDefinition() == typeof(MetadataOf<>);

    /// <summary>The path of a collection: of one namespace, or of all (and of a cluster-scoped kind).</summary>
    public string CollectionPath(string? @namespace) =>
        string.IsNullOrEmpty(@namespace) ? $"{Root}/{Plural}" : $"{Root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";

    /// <summary>The path of an object or of its subresource.</summary>
    public string ObjectPath(string? @namespace, string name, string? subresource = null)
    {
        var path = $"{CollectionPath(@namespace)}/{Uri.EscapeDataString(name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}
