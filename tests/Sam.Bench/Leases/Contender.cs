using Sam.Bench.Targets;

namespace Sam.Bench.Leases;

/// <summary>One of the two places for a process; each start has an identity of its own and goes through the place's gate.</summary>
internal sealed class Contender(string place, string home, string kubeconfig, TcpGate gate) : IAsyncDisposable
{
    private int _starts;
    private Child? _child;

    public string Identity { get; private set; } = "";

    public TcpGate Gate => gate;

    public Child Process => _child!;

    /// <summary>Starts a process and returns when it stands by.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_child is not null)
            await _child.DisposeAsync();
        gate.Open();
        Identity = $"{place}-{++_starts}";
        var assembly = Path.Combine(AppContext.BaseDirectory, "Sam.Bench.dll");
        _child = Child.Start(assembly, "lease-worker", "--kubeconfig", kubeconfig, "--namespace", home, "--identity", Identity);
        while (await _child.ReadAsync(cancellationToken) is { } line)
        {
            if (line == LeaseWorker.Standing)
            {
                _ = DrainAsync(_child);
                return;
            }
        }

        throw new InvalidOperationException(
            $"{Identity} ended with {await _child.ExitAsync(cancellationToken)} before it stood by"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync();
        await gate.DisposeAsync();
    }

    private static async Task DrainAsync(Child child)
    {
        while (await child.ReadAsync(CancellationToken.None) is not null) { }
    }
}
