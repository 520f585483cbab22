namespace Sam.Operator.Clients.Docker.RecordOnly;

public sealed partial class RecordOnlyEngine
{
    private readonly List<(string Reference, RegistryLogin? Login)> pulls = [];

    /// <summary>Every pull, with the login that it was asked with.</summary>
    public IReadOnlyList<(string Reference, RegistryLogin? Login)> Pulls
    {
        get
        {
            lock (gate)
            {
                return [.. pulls];
            }
        }
    }

    /// <summary>The references the engine holds.</summary>
    public IReadOnlyList<string> Images
    {
        get
        {
            lock (gate)
            {
                return [.. images.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <inheritdoc/>
    public Task<bool> HasImageAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync("HasImage", _ => images.Contains(EngineScript.Normalize(reference)), cancellationToken);

    /// <inheritdoc/>
    public Task<string> ResolveDigestAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken) =>
        CallAsync(
            "ResolveDigest",
            _ =>
            {
                ThrowIfRefused(reference);
                return Script.DigestOf(reference);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task PullImageAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken) =>
        CallAsync(
            "PullImage",
            _ =>
            {
                pulls.Add((reference, login));
                ThrowIfRefused(reference);
                images.Add(EngineScript.Normalize(reference));
                return images.Add($"{ImageReference.Split(reference).Name}@{Script.DigestOf(reference)}");
            },
            cancellationToken
        );

    private void ThrowIfRefused(string reference)
    {
        if (Script.RefusalOf(reference) is { } kind)
        {
            throw new EngineException(kind, $"image {reference}: refused by the script");
        }
    }
}
