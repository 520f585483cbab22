namespace Sam.Crds;

/// <summary>Every name that outlives a process: group, labels, finalizers. Spelled out, never derived from a class name.</summary>
public static class Names
{
    /// <summary>API group.</summary>
    public const string Group = "sam.dev";

    /// <summary>API version.</summary>
    public const string Version = "v1alpha1";

    /// <summary>Group and version.</summary>
    public const string ApiVersion = Group + "/" + Version;

    /// <summary>Finalizer on whatever owns something outside Kubernetes.</summary>
    public const string Finalizer = "sam.dev/cleanup";

    /// <summary>Category of all kinds: <c>kubectl get sam</c>.</summary>
    public const string Category = "sam";

    /// <summary>Type of the immutable Secrets that hold releases.</summary>
    public const string ReleaseSecretType = "sam.dev/release";

    /// <summary>Labels on Kubernetes objects.</summary>
    public static class Labels
    {
        /// <summary>Name of the Project.</summary>
        public const string Project = "sam.dev/project";

        /// <summary>Name of the Machine.</summary>
        public const string Machine = "sam.dev/machine";

        /// <summary>Name of the ComposeApp.</summary>
        public const string App = "sam.dev/app";

        /// <summary>Number of a release.</summary>
        public const string Release = "sam.dev/release";

        /// <summary>Name of the DeploymentNode.</summary>
        public const string Node = "sam.dev/node";

        /// <summary>Consumer of a credential Secret in a namespace.</summary>
        public const string Credential = "sam.dev/credential";

        /// <summary>As a label or annotation <c>false</c> on a credential Secret: it halts its consumer instead of being used.</summary>
        public const string Enabled = "sam.dev/enabled";

        /// <summary>What an object of the operator's namespace is for.</summary>
        public const string Purpose = "sam.dev/purpose";
    }

    /// <summary>Annotations on Kubernetes objects.</summary>
    public static class Annotations
    {
        /// <summary>A new value asks for a rotation of the keys in a Secret.</summary>
        public const string Rotate = "sam.dev/rotate";

        /// <summary>On a DeploymentNode: id of a server at the provider that it takes over instead of having one bought.</summary>
        public const string AdoptServerId = "sam.dev/adopt-server-id";

        /// <summary>When the token in a Secret ends (RFC 3339).</summary>
        public const string ExpiresAt = "sam.dev/expires-at";

        /// <summary>Fingerprint of the token in a Secret, which tells tokens apart without showing them.</summary>
        public const string Token = "sam.dev/token";

        /// <summary>Hash of what a Secret of SAM was written with.</summary>
        public const string Content = "sam.dev/content";

        /// <summary>Kind of the object whose tokens a journal holds.</summary>
        public const string OwnerKind = "sam.dev/owner-kind";

        /// <summary>Namespace of that object.</summary>
        public const string OwnerNamespace = "sam.dev/owner-namespace";

        /// <summary>Name of that object.</summary>
        public const string OwnerName = "sam.dev/owner-name";

        /// <summary>UID of that object.</summary>
        public const string OwnerUid = "sam.dev/owner-uid";
    }

    /// <summary>Labels on containers, networks and volumes of a VM.</summary>
    public static class EngineLabels
    {
        /// <summary>The kind that owns it.</summary>
        public const string Kind = "dev.sam.kind";

        /// <summary>UID of the owner.</summary>
        public const string Uid = "dev.sam.uid";

        /// <summary>Release that made it.</summary>
        public const string Release = "dev.sam.release";

        /// <summary>Compose service.</summary>
        public const string Service = "dev.sam.service";

        /// <summary>Hash of the container's specification.</summary>
        public const string Spec = "dev.sam.spec";
    }

    /// <summary>Labels on servers, volumes and whatever else SAM has at Hetzner.</summary>
    public static class ServerLabels
    {
        /// <summary>Always <c>sam</c>.</summary>
        public const string ManagedBy = "managed-by";

        /// <summary>Installation id.</summary>
        public const string Installation = "sam-installation";

        /// <summary>Machine id.</summary>
        public const string Machine = "sam-machine";

        /// <summary>Role of the Machine.</summary>
        public const string Role = "sam-role";

        /// <summary><c>true</c> on what was kept on purpose when its Machine was deleted; no sweep touches it.</summary>
        public const string Retained = "sam-retained";

        /// <summary>On a volume: <c>delete</c> or <c>retain</c>, what happens to it when its Machine is gone.</summary>
        public const string OnDelete = "sam-on-delete";
    }
}
