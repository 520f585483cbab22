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

    /// <inheritdoc/>
    public Task<IReadOnlyList<EngineImage>> ListImagesAsync(CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<EngineImage>>(
            "ListImages",
            _ =>
                [
                    .. images
                        .GroupBy(IdOf, StringComparer.Ordinal)
                        .OrderBy(image => image.Key, StringComparer.Ordinal)
                        .Select(image => new EngineImage(
                            image.Key,
                            [.. image.Where(reference => !IsByDigest(reference))],
                            [.. image.Where(IsByDigest)],
                            ImageBytes
                        )),
                ],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> RemoveImageAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync(
            "RemoveImage",
            _ =>
            {
                var name = EngineScript.Normalize(reference);
                if (!images.Contains(name))
                {
                    return true;
                }

                // As Docker does: the last reference to an image stays while a container uses it.
                var (id, isLast) = (IdOf(name), images.Count(other => IdOf(other) == IdOf(name)) == 1);
                return !(isLast && containers.Values.Any(c => IdOf(EngineScript.Normalize(c.Request.Image)) == id))
                    && images.Remove(name);
            },
            cancellationToken
        );

    /// <summary>Size of every image.</summary>
    private const long ImageBytes = 100 << 20;

    // One image by all its names: what its digest says.
    private string IdOf(string reference) => Script.DigestOf(reference);

    private static bool IsByDigest(string reference) => reference.Contains("@sha256:", StringComparison.Ordinal);

    private void ThrowIfRefused(string reference)
    {
        if (Script.RefusalOf(reference) is { } kind)
        {
            throw new EngineException(kind, $"image {reference}: refused by the script");
        }
    }
}
