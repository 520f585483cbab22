using System.Collections.Concurrent;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Runtime.Leases;

namespace Sam.Operator.Controllers.Machines.Supplies;

/// <summary>What an order for a server names: the account's SSH key and firewall, and the network that the Machine asks for.</summary>
internal sealed class OrderSupplies(
    IHetznerClients clients,
    FirewallKeeper firewalls,
    InstallationIdentity installation,
    ILeadership leadership,
    TimeProvider timeProvider
)
{
    private static readonly TimeSpan s_networkAge = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<HetznerToken, SharedAnswer<string>> _keys = new();
    private readonly ConcurrentDictionary<(HetznerToken Token, string Name), SharedAnswer<long?>> _networks = new();

    /// <summary>Name of this installation's key; unique in the account.</summary>
    public string KeyName => $"sam-{installation.Id}";

    /// <summary>Finds or makes what a Machine's order needs.</summary>
    /// <exception cref="HetznerException">The provider refuses, or has no such network (<see cref="HetznerErrorKind.Invalid"/>).</exception>
    public async Task<Supply> ForAsync(HetznerToken token, Machine machine, CancellationToken cancellationToken)
    {
        var key = await _keys
            .GetOrAdd(token, _ => new SharedAnswer<string>(timeProvider))
            .GetAsync(TimeSpan.MaxValue, () => KeyAsync(token), cancellationToken);
        var firewall = await firewalls.EnsureAsync(token, machine, cancellationToken);
        var network = machine.Spec.Network is { } name ? await NetworkAsync(token, name, cancellationToken) : (long?)null;
        return new Supply(key, firewall, network);
    }

    /// <summary>The provider does not know what we remember: all of it is asked for anew.</summary>
    public void Forget(HetznerToken token)
    {
        firewalls.Forget(token);
        if (_keys.TryGetValue(token, out var key))
            key.Forget();
        foreach (var network in _networks.Where(known => known.Key.Token.Equals(token)))
            network.Value.Forget();
    }

    private async Task<string> KeyAsync(HetznerToken token)
    {
        leadership.ThrowIfNotLeader();
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Names.ServerLabels.ManagedBy] = HetznerLabels.Sam,
            [Names.ServerLabels.Installation] = installation.Id,
        };
        try
        {
            var stored = await clients
                .For(token)
                .EnsureSshKeyAsync(KeyName, PlaceholderKey.Of(installation.Id), labels, CancellationToken.None);
            return stored.Name;
        }
        catch (HetznerException e) when (e.Code == HetznerCodes.UniquenessError)
        {
            throw new HetznerException(
                HetznerErrorKind.Invalid,
                e.Code,
                e.Status,
                $"an SSH key named {KeyName} exists and is not SAM's; rename or delete it at the provider"
            );
        }
    }

    private async Task<long> NetworkAsync(HetznerToken token, string name, CancellationToken cancellationToken)
    {
        var answer = _networks.GetOrAdd((token, name), _ => new SharedAnswer<long?>(timeProvider));
        var found = await answer.GetAsync(
            s_networkAge,
            () => clients.For(token).FindNetworkAsync(name, CancellationToken.None),
            cancellationToken
        );
        if (found is { } id)
            return id;
        // It may be made at any time.
        answer.Forget();
        throw new HetznerException(
            HetznerErrorKind.Invalid,
            HetznerCodes.NotFound,
            null,
            $"spec.network: the account has no network named {name}; make it at the provider, or name another one"
        );
    }
}

/// <summary>What an order names.</summary>
/// <param name="SshKey">Name of a stored key.</param>
/// <param name="Firewall">Id of a firewall.</param>
/// <param name="Network">Id of a private network; null if none is wanted.</param>
internal sealed record Supply(string SshKey, long Firewall, long? Network);
