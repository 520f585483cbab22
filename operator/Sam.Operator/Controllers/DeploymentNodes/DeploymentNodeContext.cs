using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>A Machine of a node and its engine.</summary>
/// <param name="Machine">Null if it does not exist.</param>
/// <param name="Link">Null until the Machine answered once.</param>
internal readonly record struct NodeHost(Machine? Machine, IMachineLink? Link);

/// <summary>What was observed of a node for one run.</summary>
internal sealed class DeploymentNodeContext(
    StepRun<DeploymentNode> run,
    Project? project,
    NodeHost host,
    NodeHost other,
    IReadOnlyList<ComposeApp> apps
)
{
    /// <summary>The run.</summary>
    public StepRun<DeploymentNode> Run { get; } = run;

    /// <summary>The node; its status is what the run writes.</summary>
    public DeploymentNode Node => Run.Entity;

    /// <summary>The Project; null if it does not exist.</summary>
    public Project? Project { get; } = project;

    /// <summary>The node's Machine; null if it does not exist.</summary>
    public Machine? Machine => Host.Machine;

    /// <summary>The engine; null until the Machine answered once.</summary>
    public IMachineLink? Link => Host.Link;

    /// <summary>Machine and engine.</summary>
    public NodeHost Host { get; private set; } = host;

    /// <summary>The other Machine of a replacement, and its engine.</summary>
    public NodeHost Other { get; private set; } = other;

    /// <summary>All apps that name the node, the oldest first.</summary>
    public IReadOnlyList<ComposeApp> Apps { get; } = apps;

    /// <summary>Whose credential pays for a new VM; filled by <c>ResolveProvider</c>.</summary>
    public CredentialSource PaidBy { get; set; }

    /// <summary>Id of Caddy's running container; filled by <c>EnsureCaddy</c>.</summary>
    public string? CaddyId { get; set; }

    /// <summary>From here on the other Machine is the node's.</summary>
    public void Swap() => (Host, Other) = (Other, Host);

    /// <summary>Version of Caddy, as it says itself; filled by <c>ReadHost</c>.</summary>
    public string? CaddyVersion { get; set; }
}
