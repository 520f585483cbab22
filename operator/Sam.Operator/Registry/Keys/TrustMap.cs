using k8s.Models;
using Sam.Crds;
using Sam.Operator.Installation;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Resources;

namespace Sam.Operator.Registry.Keys;

/// <summary>Publishes the public parts, for registries to mount: a ConfigMap with the certificates and the key set.</summary>
[Rbac<V1ConfigMap>("get", "create", "update", InOwnNamespace = true)]
internal sealed class TrustMap(IResourceClient<V1ConfigMap> maps, OperatorNamespace home)
{
    /// <summary>Name of the ConfigMap.</summary>
    public const string Name = "sam-registry-trust";

    /// <summary>The file for <c>rootcertbundle</c>.</summary>
    public const string BundleFile = "bundle.pem";

    /// <summary>The file for <c>jwks</c>.</summary>
    public const string JwksFile = "jwks.json";

    /// <summary>Makes the ConfigMap show exactly this ring.</summary>
    public async Task PublishAsync(KeyRing ring, CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [BundleFile] = ring.Bundle(),
            [JwksFile] = ring.Jwks(),
        };
        var map = await maps.GetAsync(home.Name, Name, cancellationToken);
        if (map is null)
        {
            await maps.CreateAsync(New(data), cancellationToken);
            return;
        }

        if (data.All(file => map.Data?.TryGetValue(file.Key, out var shown) == true && shown == file.Value))
            return;
        var changed = Copy.Of(map);
        changed.Data = data;
        await maps.UpdateAsync(changed, cancellationToken);
    }

    private V1ConfigMap New(Dictionary<string, string> data) =>
        new()
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = new V1ObjectMeta
            {
                Name = Name,
                NamespaceProperty = home.Name,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Names.Labels.Purpose] = "registry-trust" },
            },
            Data = data,
        };
}
