using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

/// <summary>Conditions and reasons of a ComposeApp.</summary>
public static partial class ComposeAppConditions
{
    /// <summary>Whether the manifest can be used.</summary>
    public static class ManifestValid
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "ManifestValid",
            "The Compose file, its variables and the routes can be used."
        );

        /// <summary>It can.</summary>
        public static readonly Reason Valid = Type.True("The Compose file and the routes are valid.");

        /// <summary>The Compose file is refused.</summary>
        public static readonly Reason ComposeInvalid = Type.False(
            "The Compose file is refused; the message lists every path with the way out."
        );

        /// <summary>A route is refused.</summary>
        public static readonly Reason RouteInvalid = Type.False(
            "A route is refused; the message names its path and the way out."
        );

        /// <summary>A hook of a volume is refused.</summary>
        public static readonly Reason VolumeInvalid = Type.False(
            "A backup or restore hook is refused; the message names its path and the way out."
        );

        /// <summary>A Secret is missing.</summary>
        public static readonly Reason SecretNotFound = Type.False(
            "A Secret does not exist; create it, and the app goes on by itself."
        );

        /// <summary>A ConfigMap is missing.</summary>
        public static readonly Reason ConfigMapNotFound = Type.False(
            "A ConfigMap or its key does not exist; create it, and the app goes on by itself."
        );

        /// <summary>The node does not exist.</summary>
        public static readonly Reason NodeNotFound = Type.False(
            "The DeploymentNode does not exist; create it, and the app goes on by itself."
        );

        /// <summary>The release to roll back to is not kept.</summary>
        public static readonly Reason ReleaseNotFound = Type.False(
            "rollbackTo names a release that is not kept; status.releases lists those that are."
        );
    }

    /// <summary>Whether every tag became a digest.</summary>
    public static class ImagesResolved
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("ImagesResolved", "Every image is pinned by its digest.");

        /// <summary>All are.</summary>
        public static readonly Reason Resolved = Type.True("Every image is pinned by its digest.");

        /// <summary>An image does not exist.</summary>
        public static readonly Reason ImageNotFound = Type.False(
            "The registry has no such image, or does not show it to us; push it, fix its name, or set registry.secretRef."
        );

        /// <summary>The registry refuses us.</summary>
        public static readonly Reason RegistryUnauthorized = Type.False(
            "The registry refuses the credentials; fix the Secret of registry.secretRef."
        );

        /// <summary>The registry does not answer.</summary>
        public static readonly Reason RegistryUnreachable = Type.False("The registry does not answer; it is asked again.");

        /// <summary>The node is not ready.</summary>
        public static readonly Reason NodeNotReady = Type.False(
            "The node is not ready; its own conditions say why. The app goes on by itself."
        );
    }

    /// <summary>Whether the wanted release is what runs.</summary>
    public static class Applied
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("Applied", "The wanted release runs and took over.");

        /// <summary>It does.</summary>
        public static readonly Reason ReleaseApplied = Type.True("The wanted release runs.");

        /// <summary>It is on its way.</summary>
        public static readonly Reason Applying = Type.False(
            "The release is being applied; the old one serves until the new one is healthy."
        );

        /// <summary>It failed; the old one serves.</summary>
        public static readonly Reason ReleaseReverted = Type.False(
            "The release failed and the last good one serves; fix the spec."
        );

        /// <summary>The first one failed.</summary>
        public static readonly Reason FailedInitial = Type.False("The first release failed and nothing serves; fix the spec.");

        /// <summary>There is no room for it.</summary>
        public static readonly Reason NodeDiskFull = Type.False(
            "The node's disk is full, so the release is not begun and the old one serves; free space on the node, and it goes on by itself."
        );

        /// <summary>The Secret that held it is gone.</summary>
        public static readonly Reason ReleaseLost = Type.False(
            "The Secret of the release is gone, and what runs is left as it is; change the spec to make a new release."
        );

        /// <summary>It is taken down on purpose.</summary>
        public static readonly Reason Suspended = Type.False(
            "suspend is set: containers and routes are down, volumes and releases are kept."
        );

        /// <summary>It is being taken down.</summary>
        public static readonly Reason TearingDown = Type.False("The app is being removed; the message names what is left.");
    }

    /// <summary>Whether what serves is healthy.</summary>
    public static class Healthy
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("Healthy", "Every service of the applied release is healthy.");

        /// <summary>All are.</summary>
        public static readonly Reason AllHealthy = Type.True("Every service is running and healthy.");

        /// <summary>Some are not.</summary>
        public static readonly Reason ServiceUnhealthy = Type.False(
            "A service of the applied release is not healthy; the message names it."
        );

        /// <summary>Not known yet.</summary>
        public static readonly Reason AwaitingHealth = Type.Unknown("The services are starting.");
    }

    /// <summary>Whether the routes are served.</summary>
    public static class RoutesReady
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("RoutesReady", "Caddy serves every route.");

        /// <summary>It does.</summary>
        public static readonly Reason Served = Type.True("Caddy serves every route.");

        /// <summary>It has none.</summary>
        public static readonly Reason NoRoutes = Type.True("The app has no routes.");

        /// <summary>Caddy is told.</summary>
        public static readonly Reason AwaitingCaddy = Type.False("Caddy does not serve the routes yet.");

        /// <summary>Another app has the host.</summary>
        public static readonly Reason HostConflict = Type.False(
            "Another app on the node came first with this host and path; choose another host."
        );

        /// <summary>The Secret of a route holds no login.</summary>
        public static readonly Reason LoginInvalid = Type.False(
            "The Secret of a route with basicAuth is missing or holds no login; the route answers 503, and is opened when the Secret is put right."
        );
    }

    /// <summary>Whether the engine holds exactly what was planned.</summary>
    public static class InSync
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new("InSync", "The engine holds exactly what the release plans.");

        /// <summary>It does.</summary>
        public static readonly Reason NothingToDo = Type.True("Nothing is left to do.");

        /// <summary>Something differs.</summary>
        public static readonly Reason Repairing = Type.False("The engine differs from the plan; it is being repaired.");
    }

    /// <summary>All conditions, in the order in which users read them.</summary>
    public static readonly IReadOnlyList<ConditionType> All =
    [
        ManifestValid.Type,
        ImagesResolved.Type,
        Applied.Type,
        Healthy.Type,
        HostsVerified.Type,
        RoutesReady.Type,
        InSync.Type,
        CertificatesReady.Type,
        DnsPublished.Type,
        DataProtected.Type,
    ];

    /// <summary>What Ready is made of: what serves is well, also while its data is not protected and its names and certificates are not there yet.</summary>
    public static readonly IReadOnlyList<ConditionType> ForReady =
    [
        .. All.Where(type => type != DataProtected.Type && type != DnsPublished.Type && type != CertificatesReady.Type),
    ];
}
