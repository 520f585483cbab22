using System.Collections.Immutable;

namespace Sam.Operator.Controllers.Machines.Supplies;

/// <summary>Whom the provider's firewalls let in.</summary>
internal sealed record FirewallOptions
{
    /// <summary>The operator's egress addresses; empty = the engine's port is open to all (the client certificate is still asked for).</summary>
    public ImmutableArray<string> EngineSources { get; init; } = [];
}
