using System.Collections.Immutable;
using System.Text;
using k8s.Models;
using Sam.Compose.Model;
using Sam.Crds.V1Alpha1;
using Sam.Runtime.Abstractions;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Reads what the Compose file names beside itself: files of spec.files, and Secrets and ConfigMaps of external secrets and configs.</summary>
[Rbac<V1Secret>("get")]
[Rbac<V1ConfigMap>("get")]
internal sealed class FileContents(IResourceClient<V1Secret> secrets, IResourceClient<V1ConfigMap> configMaps)
{
    /// <summary>The files of spec.files by their paths, or why they cannot be read.</summary>
    public async Task<(IReadOnlyDictionary<string, byte[]> Files, ManifestText? Fault)> BesideAsync(
        ComposeApp app,
        CancellationToken cancellationToken
    )
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in app.Spec.Files ?? [])
        {
            var secret = file.SecretKeyRef is not null;
            var (name, key) = (
                file.SecretKeyRef?.Name ?? file.ConfigMapKeyRef!.Name,
                file.SecretKeyRef?.Key ?? file.ConfigMapKeyRef!.Key
            );
            var where = $"spec.files[{file.Path}].{(secret ? "secretKeyRef" : "configMapKeyRef")}";
            var (content, fault) = await KeyAsync(app.Metadata.NamespaceProperty, secret, name, key, where, cancellationToken);
            if (fault is not null)
                return (files, fault);
            files[Normal(file.Path)] = content!;
        }

        return (files, null);
    }

    /// <summary>`./app.env` and `app.env` are the same file.</summary>
    public static string Normal(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;

    /// <summary>Content of every config and secret that a service uses, as <see cref="ReleaseSpec.Files"/> keeps it; or why one cannot be read.</summary>
    public async Task<(ImmutableSortedDictionary<string, string>? Contents, ManifestText? Fault)> OfAsync(
        ComposeApp app,
        ComposeModel model,
        ManifestText manifest,
        CancellationToken cancellationToken
    )
    {
        var contents = Ordinal.Empty<string>().ToBuilder();
        foreach (var (kind, name, source) in Used(model))
        {
            var (bytes, fault) = await ContentAsync(app, kind, name, source, manifest, cancellationToken);
            if (fault is not null)
                return (null, fault);
            contents[$"{kind}/{name}"] = Convert.ToBase64String(bytes!);
        }

        return (contents.Count == 0 ? null : contents.ToImmutable(), null);
    }

    private static IEnumerable<(string Kind, string Name, FileSource Source)> Used(ComposeModel model)
    {
        foreach (
            var name in model
                .Services.Values.SelectMany(service => service.Configs ?? [])
                .Select(grant => grant.Source)
                .Distinct()
        )
            yield return ("configs", name, model.Configs![name]);
        foreach (
            var name in model
                .Services.Values.SelectMany(service => service.Secrets ?? [])
                .Select(grant => grant.Source)
                .Distinct()
        )
            yield return ("secrets", name, model.Secrets![name]);
    }

    private async Task<(byte[]? Content, ManifestText? Fault)> ContentAsync(
        ComposeApp app,
        string kind,
        string name,
        FileSource source,
        ManifestText manifest,
        CancellationToken cancellationToken
    )
    {
        var where = $"spec.compose.{kind}.{name}";
        if (source.Content is { } content)
            return (Encoding.UTF8.GetBytes(content), null);
        if (source.Variable is { } variable)
            return manifest.Variables.TryGetValue(variable, out var value)
                ? (Encoding.UTF8.GetBytes(value), null)
                : (
                    null,
                    Faulty(kind, $"{where}.environment: variable {variable} is not set; set it in spec.env or spec.envFrom")
                );
        if (source.File is { } path)
            return manifest.Files.TryGetValue(Normal(path), out var file)
                ? (file, null)
                : (null, Faulty(kind, $"{where}.file: there is no file {path}; map the path under spec.files"));
        var parts = source.External!.Split('/', 2);
        var secret = kind == "secrets";
        return parts is [var owner, var key]
            ? await KeyAsync(app.Metadata.NamespaceProperty, secret, owner, key, $"{where}.name", cancellationToken)
            : await OnlyKeyAsync(app.Metadata.NamespaceProperty, secret, parts[0], name, $"{where}.name", cancellationToken);
    }

    private static ManifestText Faulty(string kind, string message) =>
        ManifestText.Faulty(kind == "secrets" ? ManifestValid.SecretNotFound : ManifestValid.ConfigMapNotFound, message);

    private async Task<(byte[]? Content, ManifestText? Fault)> KeyAsync(
        string home,
        bool secret,
        string name,
        string key,
        string where,
        CancellationToken cancellationToken
    )
    {
        var keys = await KeysAsync(home, secret, name, cancellationToken);
        return keys?.TryGetValue(key, out var content) == true
            ? (content, null)
            : (null, Missing(secret, $"{where}: {Word(secret)} {name} has no key {key} in namespace {home}; create it"));
    }

    /// <summary>The key of the name that the Compose file gives, or the only one there is.</summary>
    private async Task<(byte[]? Content, ManifestText? Fault)> OnlyKeyAsync(
        string home,
        bool secret,
        string owner,
        string name,
        string where,
        CancellationToken cancellationToken
    )
    {
        var keys = await KeysAsync(home, secret, owner, cancellationToken);
        if (keys is null)
            return (null, Missing(secret, $"{where}: {Word(secret)} {owner} does not exist in namespace {home}; create it"));
        if (keys.TryGetValue(name, out var content))
            return (content, null);
        return keys.Count == 1
            ? (keys.Values.Single(), null)
            : (null, Missing(secret, $"{where}: {Word(secret)} {owner} has {keys.Count} keys; write {owner}/KEY"));
    }

    private async Task<Dictionary<string, byte[]>?> KeysAsync(
        string home,
        bool secret,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (secret)
            return (await secrets.GetAsync(home, name, cancellationToken)) is { } found
                ? new Dictionary<string, byte[]>(found.Data ?? new Dictionary<string, byte[]>(), StringComparer.Ordinal)
                : null;
        if (await configMaps.GetAsync(home, name, cancellationToken) is not { } map)
            return null;
        var keys = (map.Data ?? new Dictionary<string, string>()).ToDictionary(
            entry => entry.Key,
            entry => Encoding.UTF8.GetBytes(entry.Value),
            StringComparer.Ordinal
        );
        foreach (var (key, bytes) in map.BinaryData ?? new Dictionary<string, byte[]>())
            keys[key] = bytes;
        return keys;
    }

    private static ManifestText Missing(bool secret, string message) =>
        ManifestText.Faulty(secret ? ManifestValid.SecretNotFound : ManifestValid.ConfigMapNotFound, message);

    private static string Word(bool secret) => secret ? "Secret" : "ConfigMap";
}
