using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Steps;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>What was observed of a node for one run.</summary>
internal sealed class DeploymentNodeContext(
    StepRun<DeploymentNode> run,
    Project? project,
    Machine? machine,
    IMachineLink? link,
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
    public Machine? Machine { get; } = machine;

    /// <summary>The engine; null until the Machine answered once.</summary>
    public IMachineLink? Link { get; } = link;

    /// <summary>All apps that name the node, the oldest first.</summary>
    public IReadOnlyList<ComposeApp> Apps { get; } = apps;

    /// <summary>Whose credential pays for a new VM; filled by <c>ResolveProvider</c>.</summary>
    public CredentialSource PaidBy { get; set; }

    /// <summary>Id of Caddy's running container; filled by <c>EnsureCaddy</c>.</summary>
    public string? CaddyId { get; set; }

    /// <summary>Version of Caddy, as it says itself; filled by <c>ReadHost</c>.</summary>
    public string? CaddyVersion { get; set; }
}
