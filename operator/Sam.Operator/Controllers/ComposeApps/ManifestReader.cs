using System.Text;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using Sam.Runtime.Conditions;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>A Compose file and its variables as read, or why they cannot be.</summary>
internal sealed record ManifestText(
    string Text,
    IReadOnlyDictionary<string, string> Variables,
    Reason? Fault = null,
    string Message = ""
)
{
    /// <summary>Files beside the Compose file by their paths.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; init; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    /// <summary>It cannot be read.</summary>
    public static ManifestText Faulty(Reason reason, string message) =>
        new("", new Dictionary<string, string>(StringComparer.Ordinal), reason, message);
}

/// <summary>Reads an app's Compose file and variables from the spec, ConfigMaps and Secrets of its namespace.</summary>
[Rbac<V1Secret>("get")]
[Rbac<V1ConfigMap>("get")]
internal sealed class ManifestReader(
    IResourceClient<V1Secret> secrets,
    IResourceClient<V1ConfigMap> configMaps,
    FileContents contents
)
{
    /// <summary>Reads all sources; the first that is missing is the fault.</summary>
    public async Task<ManifestText> ReadAsync(ComposeApp app, CancellationToken cancellationToken)
    {
        var home = app.Metadata.NamespaceProperty;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (source, index) in app.Spec.EnvFrom.Select((source, index) => (source, index)))
        {
            if (await AddAsync(home, source, index, variables, cancellationToken) is { } fault)
                return fault;
        }

        foreach (var variable in app.Spec.Env)
            variables[variable.Name] = variable.Value;
        var (files, missing) = await contents.BesideAsync(app, cancellationToken);
        if (missing is not null)
            return missing;
        if (app.Spec.Compose is { } inline)
            return new ManifestText(inline, variables) { Files = files };

        var reference = app.Spec.ComposeFrom?.ConfigMapKeyRef;
        if (reference is null)
            return ManifestText.Faulty(ManifestValid.ComposeInvalid, "spec: set exactly one of compose and composeFrom");
        var map = await configMaps.GetAsync(home, reference.Name, cancellationToken);
        return map?.Data?.TryGetValue(reference.Key, out var text) == true
            ? new ManifestText(text, variables) { Files = files }
            : ManifestText.Faulty(
                ManifestValid.ConfigMapNotFound,
                $"spec.composeFrom.configMapKeyRef: ConfigMap {reference.Name} has no key {reference.Key} in namespace {home}; create it"
            );
    }

    private async Task<ManifestText?> AddAsync(
        string home,
        EnvironmentSource source,
        int index,
        Dictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        if (source.SecretRef is { } secretRef)
        {
            var secret = await secrets.GetAsync(home, secretRef.Name, cancellationToken);
            if (secret is null)
                return ManifestText.Faulty(
                    ManifestValid.SecretNotFound,
                    $"spec.envFrom[{index}].secretRef: Secret {secretRef.Name} does not exist in namespace {home}; create it"
                );
            foreach (var (key, value) in secret.Data ?? new Dictionary<string, byte[]>())
                variables[key] = Encoding.UTF8.GetString(value);
        }

        if (source.ConfigMapRef is { } mapRef)
        {
            var map = await configMaps.GetAsync(home, mapRef.Name, cancellationToken);
            if (map is null)
                return ManifestText.Faulty(
                    ManifestValid.ConfigMapNotFound,
                    $"spec.envFrom[{index}].configMapRef: ConfigMap {mapRef.Name} does not exist in namespace {home}; create it"
                );
            foreach (var (key, value) in map.Data ?? new Dictionary<string, string>())
                variables[key] = value;
        }

        return null;
    }
}
