using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Controllers;
using Sam.Runtime.Informers;
using Sam.Runtime.Resources;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Which apps read a Secret or a ConfigMap: a change wakes exactly those, and they read the values then.</summary>
[Rbac<V1Secret>("list", "watch")]
[Rbac<V1ConfigMap>("list", "watch")]
internal static class AppSources
{
    /// <summary>Finds apps by the Secrets that they name: variables, files, the registry's login and those of routes.</summary>
    public static IndexDefinition<ComposeApp> BySecret { get; } =
        new(
            "secret",
            app =>
                app.Spec.EnvFrom.Select(source => source.SecretRef?.Name)
                    .Append(app.Spec.Registry?.SecretRef?.Name)
                    .Concat((app.Spec.Files ?? []).Select(file => file.SecretKeyRef?.Name))
                    .Concat(app.Spec.Routes.Select(route => route.BasicAuth?.SecretRef.Name))
                    // A release that is put back has the routes that it had.
                    .Concat(app.Status.Routes.Select(route => route.BasicAuth?.SecretRef.Name))
                    .OfType<string>()
                    .Distinct()
                    .Select(name => Key(app.Metadata.NamespaceProperty, name))
        );

    /// <summary>Finds apps by the ConfigMaps that they name: variables and the Compose file.</summary>
    public static IndexDefinition<ComposeApp> ByConfigMap { get; } =
        new(
            "configMap",
            app =>
                app.Spec.EnvFrom.Select(source => source.ConfigMapRef?.Name)
                    .Append(app.Spec.ComposeFrom?.ConfigMapKeyRef.Name)
                    .Concat((app.Spec.Files ?? []).Select(file => file.ConfigMapKeyRef?.Name))
                    .OfType<string>()
                    .Distinct()
                    .Select(name => Key(app.Metadata.NamespaceProperty, name))
        );

    /// <summary>The apps that read a Secret.</summary>
    public static IEnumerable<ObjectKey> AppsOf(MetadataOf<V1Secret> secret, IStores stores) =>
        Find(BySecret.Name, secret.Metadata, stores);

    /// <summary>The nodes whose Caddy asks for a login of the Secret: a password that is taken back is not to wait for the app's own run.</summary>
    public static IEnumerable<ObjectKey> NodesOf(MetadataOf<V1Secret> secret, IStores stores)
    {
        var (home, name) = (secret.Metadata.NamespaceProperty, secret.Metadata.Name);
        return stores
            .Of<ComposeApp>()
            .ByIndex(BySecret.Name, Key(home, name))
            .Where(app => app.Status.Routes.Any(route => route.BasicAuth?.SecretRef.Name == name))
            .Select(app => new ObjectKey(home, app.Spec.NodeRef.Name))
            .Distinct();
    }

    /// <summary>The apps that read a ConfigMap.</summary>
    public static IEnumerable<ObjectKey> AppsOf(MetadataOf<V1ConfigMap> map, IStores stores) =>
        Find(ByConfigMap.Name, map.Metadata, stores);

    private static IEnumerable<ObjectKey> Find(string index, V1ObjectMeta source, IStores stores) =>
        stores.Of<ComposeApp>().ByIndex(index, Key(source.NamespaceProperty, source.Name)).Select(app => ObjectKey.Of(app));

    private static string Key(string home, string name) => $"{home}/{name}";
}
