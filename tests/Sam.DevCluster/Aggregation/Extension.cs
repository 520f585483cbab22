using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Security;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Aggregation;

/// <summary>A group version that an APIService hands to another server.</summary>
internal sealed class Extension(StoredObject stored)
{
    private readonly JsonObject _node = stored.Read();

    public string Name => stored.Name;

    public string Group => _node.At("spec", "group").Text() ?? "";

    public string Version => _node.At("spec", "version").Text() ?? "";

    public string ServiceName => _node.At("spec", "service", "name").Text() ?? "";

    public string ServiceNamespace => _node.At("spec", "service", "namespace").Text() ?? "";

    public int Port => _node.At("spec", "service", "port").TryInteger(out var port) ? (int)port : 443;

    public long GroupPriority => _node.At("spec", "groupPriorityMinimum").TryInteger(out var priority) ? priority : 0;

    public long VersionPriority => _node.At("spec", "versionPriority").TryInteger(out var priority) ? priority : 0;

    public bool IsLocal => _node.At("spec", "service") is not JsonObject;

    public bool IsAvailable =>
        (_node.At("status", "conditions") as JsonArray ?? []).Any(condition =>
            condition.Text("type") == "Available" && condition.Text("status") == "True"
        );

    /// <summary>The URL below which the server answers; the host is the service's name.</summary>
    public string Root => $"https://{ServiceName}.{ServiceNamespace}.svc:{Port}";

    /// <summary>How to reach it; null when nobody knows the service.</summary>
    public Backend? Locate(Func<string, string, int, string?> services) =>
        services(ServiceNamespace, ServiceName, Port) is { } address
            ? new Backend(
                address,
                _node.At("spec", "caBundle").Text() is { Length: > 0 } bundle
                    ? Encoding.UTF8.GetString(Convert.FromBase64String(bundle))
                    : null,
                _node.Object("spec").IsTrue("insecureSkipTLSVerify")
            )
            : null;
}

/// <summary>The APIServices of this moment.</summary>
internal sealed class ExtensionRegistry(ObjectStore store)
{
    public const string Shelf = "apiservices.apiregistration.k8s.io";

    private readonly ConditionalWeakTable<StoredObject, Extension> _read = [];

    /// <summary>Those that other servers answer for.</summary>
    public IEnumerable<Extension> Remote => All.Where(extension => !extension.IsLocal);

    public IEnumerable<Extension> All =>
        store.List(Shelf).Objects.Select(stored => _read.GetValue(stored, found => new Extension(found)));

    public Extension? Find(string group, string version) =>
        store.Get(Shelf, "", $"{version}.{group}") is { } stored
        && _read.GetValue(stored, found => new Extension(found)) is { IsLocal: false } extension
            ? extension
            : null;
}
