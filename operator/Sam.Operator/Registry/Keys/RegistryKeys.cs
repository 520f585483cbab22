using Sam.Runtime.Transport;

namespace Sam.Operator.Registry.Keys;

/// <summary>The ring that this process signs with: read when first needed, and again when it is old.</summary>
internal sealed class RegistryKeys(KeySecret secret, RegistryOptions options, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private KeyRing? _ring;
    private DateTimeOffset _readAt;

    /// <summary>The ring. One that was read once serves on while the Secret cannot be read.</summary>
    public async Task<KeyRing> RingAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (_ring is { } known && now - _readAt < options.KeyRefresh)
            return known;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_ring is not null && timeProvider.GetUtcNow() - _readAt < options.KeyRefresh)
                return _ring;
            return await ReadAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes a ring that was just read or written.</summary>
    public void Take(KeyRing ring)
    {
        _ring = ring;
        _readAt = timeProvider.GetUtcNow();
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<KeyRing> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            Take((await secret.ReadAsync(timeProvider.GetUtcNow(), cancellationToken)).Ring);
        }
        catch (Exception fault) when (_ring is not null && fault is KubernetesApiException or InvalidDataException)
        {
            _readAt = timeProvider.GetUtcNow(); // the keeper says what is wrong; here the next try has time
        }

        return _ring!;
    }
}
