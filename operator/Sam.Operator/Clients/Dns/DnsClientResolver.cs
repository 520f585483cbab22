using System.Net;
using DnsClient;

namespace Sam.Operator.Clients.Dns;

/// <summary>The DNS over DnsClient.NET: never from a cache of ours, since people wait for a record that they just made.</summary>
public sealed class DnsClientResolver : IDnsResolver
{
    private readonly LookupClient client;

    /// <summary>Asks these servers; without any, those of the system.</summary>
    /// <param name="servers">Where to ask.</param>
    public DnsClientResolver(params IPEndPoint[] servers)
    {
        var options = servers.Length == 0 ? new LookupClientOptions() : new LookupClientOptions(servers);
        options.UseCache = false;
        options.Timeout = TimeSpan.FromSeconds(3);
        options.Retries = 1;
        options.ThrowDnsErrors = false;
        client = new LookupClient(options);
    }

    /// <inheritdoc/>
    public async Task<TxtAnswer> TxtAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.QueryAsync(name, QueryType.TXT, cancellationToken: cancellationToken);
            // A name that does not exist is an answer too.
            return answer.HasError && answer.Header.ResponseCode != DnsHeaderResponseCode.NotExistentDomain
                ? new TxtAnswer.Silent($"{name}: {answer.ErrorMessage}")
                : new TxtAnswer.Found([.. answer.Answers.TxtRecords().Select(record => string.Concat(record.Text))]);
        }
        catch (DnsResponseException e)
        {
            return new TxtAnswer.Silent($"{name}: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new TxtAnswer.Silent($"{name}: no answer in time");
        }
    }
}
