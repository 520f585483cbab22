using System.Text;
using System.Text.Json;
using k8s.Models;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>A login, or why there is none although one is asked for.</summary>
internal sealed record LoginAnswer(RegistryLogin? Login, string? Fault = null);

/// <summary>
/// Finds the login for an image: in the app's <c>kubernetes.io/dockerconfigjson</c> Secret, and only where that names none for the host, a token of
/// SAM's own. A login goes only to the exact host it was made for.
/// </summary>
[Rbac<V1Secret>("get")]
internal sealed class RegistryLogins(IResourceClient<V1Secret> secrets, SignedAccess signed)
{
    /// <summary>The login for an image; none if neither a Secret's entry nor SAM's key opens the host.</summary>
    public async Task<LoginAnswer> ForAsync(ComposeApp app, string image, CancellationToken cancellationToken)
    {
        if (app.Spec.Registry is not { SecretRef: { } reference })
            return await signed.ForAsync(app, image, cancellationToken);
        var secret = await secrets.GetAsync(app.Metadata.NamespaceProperty, reference.Name, cancellationToken);
        if (secret is null)
            return new LoginAnswer(null, $"spec.registry.secretRef: Secret {reference.Name} does not exist; create it");
        if (secret.Data?.TryGetValue(".dockerconfigjson", out var json) != true)
            return new LoginAnswer(null, $"spec.registry.secretRef: Secret {reference.Name} has no key .dockerconfigjson");
        if (!TryEntry(json!, PinnedImage.HostOf(image), out var login))
            return new LoginAnswer(null, $"spec.registry.secretRef: Secret {reference.Name} is not a Docker configuration");
        // What the user gave is never replaced, only added to.
        return login is null ? await signed.ForAsync(app, image, cancellationToken) : new LoginAnswer(login);
    }

    private static bool TryEntry(byte[] json, string host, out RegistryLogin? login)
    {
        login = null;
        try
        {
            login = Entry(json, host);
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return false; // told by the caller, without quoting
        }
    }

    private static RegistryLogin? Entry(byte[] json, string host)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("auths", out var auths))
            return null;
        foreach (var entry in auths.EnumerateObject())
        {
            if (HostOf(entry.Name) != host)
                continue;
            if (entry.Value.TryGetProperty("auth", out var auth) && auth.GetString() is { Length: > 0 } encoded)
            {
                var parts = Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).Split(':', 2);
                return new RegistryLogin(host, parts[0], parts.Length == 2 ? parts[1] : "", null);
            }

            return new RegistryLogin(host, Text(entry.Value, "username"), Text(entry.Value, "password"), null);
        }

        return null;
    }

    private static string HostOf(string entry)
    {
        var name = entry
            .Replace("https://", "", StringComparison.Ordinal)
            .Replace("http://", "", StringComparison.Ordinal)
            .Split('/')[0];
        return name == "index.docker.io" ? "docker.io" : name;
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}
