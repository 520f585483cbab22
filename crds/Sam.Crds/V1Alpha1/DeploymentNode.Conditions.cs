using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

/// <summary>Conditions and reasons of a DeploymentNode.</summary>
public static class DeploymentNodeConditions
{
    /// <summary>Whether the provider can be managed for the node.</summary>
    public static class ProviderManageable
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("ProviderManageable", "SAM can buy and delete the node's VM.");

        /// <summary>It can.</summary>
        public static readonly Reason Manageable = Type.True("The Project and its provider token are usable.");

        /// <summary>The Project does not exist.</summary>
        public static readonly Reason ProjectNotFound = Type.False("The Project does not exist; create it or change projectRef.");

        /// <summary>No token.</summary>
        public static readonly Reason TokenMissing = Type.False(
            "No provider token was found; create the Secret that the message names."
        );

        /// <summary>A token that the provider refuses.</summary>
        public static readonly Reason TokenRefused = Type.False(
            "The provider refuses the token; put a valid one into the Secret."
        );
    }

    /// <summary>Whether the VM serves.</summary>
    public static class NodeHealthy
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("NodeHealthy", "The VM runs, its engine answers, and Caddy runs on it.");

        /// <summary>It does.</summary>
        public static readonly Reason Healthy = Type.True("The VM's engine answers and Caddy runs.");

        /// <summary>The VM is on its way.</summary>
        public static readonly Reason MachineNotReady = Type.False("The Machine is not ready; its own conditions say why.");

        /// <summary>The Project starts nothing new.</summary>
        public static readonly Reason ProjectSuspended = Type.False(
            "The Project is suspended or being deleted, and no VM is made for the node; it goes on when spec.suspend is false."
        );

        /// <summary>The Project has no room.</summary>
        public static readonly Reason LimitExceeded = Type.False(
            "The Project's limit or the platform's quota is reached; free something or raise it, and the node goes on by itself."
        );

        /// <summary>The platform forbids such a VM.</summary>
        public static readonly Reason PolicyForbids = Type.False(
            "The platform policy does not let this namespace have such a VM; ask for another, or ask the platform team."
        );

        /// <summary>The server that an annotation names is not taken over.</summary>
        public static readonly Reason AdoptionRefused = Type.False(
            "The server that the annotation names cannot be taken over; the message says why; nothing is bought instead."
        );

        /// <summary>The VM failed for good.</summary>
        public static readonly Reason MachineStalled = Type.False(
            "The Machine is stalled; its own conditions say why and what to do."
        );

        /// <summary>Caddy's image cannot be had.</summary>
        public static readonly Reason CaddyImageUnavailable = Type.False("Caddy's image cannot be pulled; change caddyImage.");

        /// <summary>Caddy is starting.</summary>
        public static readonly Reason CaddyStarting = Type.False("Caddy's container is starting.");

        /// <summary>The engine is silent.</summary>
        public static readonly Reason EngineSilent = Type.Unknown("The engine does not answer; the apps may run on.");

        /// <summary>The VM is being given back.</summary>
        public static readonly Reason MachineDeleting = Type.False(
            "The Machine is being deleted; the message names what is left."
        );
    }

    /// <summary>Whether Caddy runs what we rendered.</summary>
    public static class ConfigInSync
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("ConfigInSync", "Caddy runs the document that SAM rendered.");

        /// <summary>It does.</summary>
        public static readonly Reason InSync = Type.True("Caddy's running document was read back and is ours.");

        /// <summary>Caddy refused it.</summary>
        public static readonly Reason DocumentRefused = Type.False(
            "Caddy refused the document and keeps the old one; the message holds its answer."
        );
    }

    /// <summary>Whether every route of every app is served.</summary>
    public static class RoutesReady
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("RoutesReady", "Caddy serves the routes of all applied apps.");

        /// <summary>It does.</summary>
        public static readonly Reason AllServed = Type.True("All routes are served.");

        /// <summary>Two apps want one host.</summary>
        public static readonly Reason HostConflict = Type.False(
            "Two apps want one host and path; the one that came later is refused and says so."
        );
    }

    /// <summary>Whether the apps on the node are well. For reading only: an app in trouble does not make the node unready.</summary>
    public static class AppsHealthy
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("AppsHealthy", "Every app on the node is Ready.");

        /// <summary>They are.</summary>
        public static readonly Reason AllHealthy = Type.True("Every app on the node is Ready.");

        /// <summary>Some are not.</summary>
        public static readonly Reason SomeUnready = Type.False("At least one app is not Ready; the message names them.");
    }

    /// <summary>Whether the disk fills up. As on a Kubernetes node, True is bad; for reading only, since what serves goes on serving.</summary>
    public static class DiskPressure
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("DiskPressure", "70 % or more of the engine's disk is used.");

        /// <summary>There is room.</summary>
        public static readonly Reason Sufficient = Type.False("Less than 70 % of the engine's disk is used.");

        /// <summary>70 %.</summary>
        public static readonly Reason Filling = Type.True(
            "70 % or more of the engine's disk is used; look what takes it, or plan a bigger VM."
        );

        /// <summary>85 %.</summary>
        public static readonly Reason CollectingImages = Type.True(
            "85 % or more is used; images beyond the last two good releases of each app are removed at every look."
        );

        /// <summary>95 %.</summary>
        public static readonly Reason Full = Type.True(
            "95 % or more is used; new releases are not begun until there is room, and what serves goes on."
        );

        /// <summary>Nobody can tell.</summary>
        public static readonly Reason NotMeasured = Type.Unknown(
            "The disk could not be measured; Caddy's image needs a df command, as the official one has."
        );
    }

    /// <summary>Whether the VM is what the spec asks for. For reading only: what serves goes on serving.</summary>
    public static class MachineCurrent
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("MachineCurrent", "The VM is what spec.cloud asks for.");

        /// <summary>It is.</summary>
        public static readonly Reason Current = Type.True("The VM is what spec.cloud asks for.");

        /// <summary>Another one is on its way.</summary>
        public static readonly Reason Replacing = Type.False(
            "spec.cloud asks for another VM, and it is on its way; status.replacement says how far it is."
        );

        /// <summary>Data would be lost, or could not follow.</summary>
        public static readonly Reason ReplacementBlocked = Type.False(
            "spec.cloud asks for another VM, and data could not follow; the message names it and the way out. Nothing was changed."
        );
    }

    /// <summary>All conditions, in the order in which users read them.</summary>
    public static readonly IReadOnlyList<ConditionType> All =
    [
        ProviderManageable.Type,
        NodeHealthy.Type,
        ConfigInSync.Type,
        RoutesReady.Type,
        AppsHealthy.Type,
        DiskPressure.Type,
        MachineCurrent.Type,
    ];

    /// <summary>What Ready is made of.</summary>
    public static readonly IReadOnlyList<ConditionType> ForReady = [ProviderManageable.Type, NodeHealthy.Type, ConfigInSync.Type];
}
