using System.Collections.Concurrent;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>One client per token over one connection pool.</summary>
public sealed class HetznerClients : IHetznerClients, IDisposable
{
    private readonly ConcurrentDictionary<HetznerToken, Lazy<HetznerClient>> _clients = new();
    private readonly ConcurrentDictionary<(HetznerToken Token, string Selector), ServerSnapshot> _snapshots = new();

    // Not HttpClient: it adds nothing here, and goes on at a thread of its own after each answer, which a run in virtual time must not.
    private readonly HttpMessageInvoker _http;
    private readonly HetznerOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly IHetznerCallObserver? _observer;

    public HetznerClients(
        HetznerOptions options,
        TimeProvider timeProvider,
        IHetznerCallObserver? observer = null,
        HttpMessageHandler? handler = null
    )
    {
        // Without the last slash the version would be cut off when a path is joined to it.
        var endpoint = options.Endpoint.AbsoluteUri;
        _options = options with { Endpoint = new Uri(endpoint.EndsWith('/') ? endpoint : endpoint + "/") };
        _timeProvider = timeProvider;
        _observer = observer;
        _http = new HttpMessageInvoker(handler ?? ApiConnections.NewHandler());
    }

    public IHetzner For(HetznerToken token) =>
        _clients
            .GetOrAdd(
                token,
                key => new Lazy<HetznerClient>(() =>
                {
                    var budget = new HetznerBudget();
                    var transport = new HetznerTransport(
                        _http,
                        key,
                        _options,
                        budget,
                        new BudgetKeeper(budget, _timeProvider),
                        _observer,
                        _timeProvider
                    );
                    return new HetznerClient(transport, budget, _options);
                })
            )
            .Value;

    public ServerSnapshot SnapshotFor(HetznerToken token, string labelSelector) =>
        _snapshots.GetOrAdd((token, labelSelector), key => new ServerSnapshot(For(key.Token), key.Selector, _timeProvider));

    public void Dispose() => _http.Dispose();
}
