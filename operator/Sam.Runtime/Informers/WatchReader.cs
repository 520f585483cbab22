using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using Sam.Runtime.Resources;
using Sam.Runtime.Transport;

namespace Sam.Runtime.Informers;

/// <summary>Reads the events of an open watch; a silent one ends, since a dead connection is silent too.</summary>
/// <param name="kind">The kind watched.</param>
/// <param name="silence">How long nothing may come; bookmarks count as life.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class WatchReader<TEntity>(ResourceKind kind, TimeSpan silence, TimeProvider timeProvider)
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The events until the server ends the watch; a silent watch is thrown as <see cref="WatchSilentException"/>.</summary>
    public async IAsyncEnumerable<WatchEvent<TEntity>> ReadAsync(
        TransportResponse watch,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (await ReadLineAsync(watch.Lines, cancellationToken) is { } line)
        {
            if (line.Length > 0)
                yield return WatchEvent<TEntity>.Parse(line, kind);
        }
    }

    private async Task<string?> ReadLineAsync(ILineReader reader, CancellationToken cancellationToken)
    {
        using var silent = new CancellationTokenSource(silence, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silent.Token);
        try
        {
            return await reader.ReadLineAsync(either.Token);
        }
        catch (OperationCanceledException) when (silent.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new WatchSilentException(kind.Plural, silence);
        }
    }
}

/// <summary>A watch said nothing for too long.</summary>
internal sealed class WatchSilentException(string plural, TimeSpan silence)
    : IOException($"The watch of {plural} was silent for {silence.TotalSeconds:0} s");
