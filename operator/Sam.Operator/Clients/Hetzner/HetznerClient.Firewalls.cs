using Sam.Operator.Clients.Hetzner.Wire;

namespace Sam.Operator.Clients.Hetzner;

internal sealed partial class HetznerClient
{
    public async Task<Firewall> CreateFirewallAsync(
        string name,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyList<FirewallRule> rules,
        CancellationToken cancellationToken
    )
    {
        var body = new CreateFirewallBody(name, labels, ThingMapping.ToBody(rules));
        var post = HetznerRequest.Post("/firewalls", "firewalls", body, HetznerJson.Default.CreateFirewallBody);
        return (await transport.SendAsync(post, HetznerJson.Default.FirewallAnswer, cancellationToken)).Firewall.ToFirewall();
    }

    public Task<IReadOnlyList<Firewall>> ListFirewallsAsync(string labelSelector, CancellationToken cancellationToken) =>
        ListAsync<FirewallsPage, WireFirewall, Firewall>(
            "/firewalls",
            $"firewalls?sort=id:asc&label_selector={Uri.EscapeDataString(labelSelector)}",
            HetznerJson.Default.FirewallsPage,
            ThingMapping.ToFirewall,
            cancellationToken
        );

    public Task SetFirewallRulesAsync(long id, IReadOnlyList<FirewallRule> rules, CancellationToken cancellationToken) =>
        transport.SendAsync(
            HetznerRequest.Post(
                "/firewalls/{id}/actions/set_rules",
                $"firewalls/{id}/actions/set_rules",
                new RulesBody(ThingMapping.ToBody(rules)),
                HetznerJson.Default.RulesBody
            ),
            HetznerJson.Default.JsonElement,
            cancellationToken
        );

    public Task ApplyFirewallAsync(long id, long serverId, CancellationToken cancellationToken) =>
        transport.SendAsync(
            HetznerRequest.Post(
                "/firewalls/{id}/actions/apply_to_resources",
                $"firewalls/{id}/actions/apply_to_resources",
                new ApplyBody([new AppliedBody("server", new IdBody(serverId))]),
                HetznerJson.Default.ApplyBody
            ),
            HetznerJson.Default.JsonElement,
            cancellationToken
        );

    public Task<DeleteOutcome> DeleteFirewallAsync(long id, CancellationToken cancellationToken) =>
        DeleteAsync("/firewalls/{id}", $"firewalls/{id}", cancellationToken);

    public async Task<long?> FindNetworkAsync(string name, CancellationToken cancellationToken)
    {
        var found = await ListAsync<NetworksPage, WireNetwork, WireNetwork>(
            "/networks",
            $"networks?name={Uri.EscapeDataString(name)}",
            HetznerJson.Default.NetworksPage,
            network => network,
            cancellationToken
        );
        return found.FirstOrDefault(network => network.Name == name)?.Id;
    }
}
