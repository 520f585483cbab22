using Sam.Runtime.Conditions;

namespace Sam.Crds.V1Alpha1;

public static partial class ComposeAppConditions
{
    /// <summary>Whether external-dns was told where the hosts are. For reading only.</summary>
    public static class DnsPublished
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "DnsPublished",
            "The DNS records that the node asks for are in a DNSEndpoint for external-dns."
        );

        /// <summary>They are.</summary>
        public static readonly Reason Published = Type.True("The DNSEndpoint of the app's name has a record for every host.");

        /// <summary>None is asked for.</summary>
        public static readonly Reason NoRecords = Type.True(
            "No record is asked for; dnsEndpoint on the DeploymentNode asks for them."
        );

        /// <summary>The kind is missing.</summary>
        public static readonly Reason ExternalDnsMissing = Type.False(
            "The cluster has no kind DNSEndpoint; install the CRD of external-dns, and it is found by itself."
        );

        /// <summary>The name is taken.</summary>
        public static readonly Reason NameTaken = Type.False(
            "A DNSEndpoint of the app's name exists and is not the app's; rename or delete it, and the app goes on by itself."
        );
    }

    /// <summary>Whether every host has a certificate. For reading only: an app whose DNS is not there yet runs.</summary>
    public static class CertificatesReady
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "CertificatesReady",
            "Every host that is served has a valid certificate."
        );

        /// <summary>They have.</summary>
        public static readonly Reason Valid = Type.True(
            "Every host that is served has a valid certificate; status.routes says until when."
        );

        /// <summary>None is needed.</summary>
        public static readonly Reason NoHosts = Type.True("No host is served.");

        /// <summary>Some have none.</summary>
        public static readonly Reason CertificatePending = Type.False(
            "A host has no certificate yet; Caddy goes on asking. See that its DNS leads to the node and that ports 80 and 443 can be reached."
        );

        /// <summary>Some run out.</summary>
        public static readonly Reason RenewalFailing = Type.False(
            "A certificate was not renewed in time or has ended; see that the host's DNS leads to the node and that ports 80 and 443 can be reached."
        );
    }

    /// <summary>Whether foreign hosts are proven.</summary>
    public static class HostsVerified
    {
        /// <summary>The condition.</summary>
        public static readonly ConditionType Type = new(
            "HostsVerified",
            "Every host outside of the node's domain is proven, where the node asks for it."
        );

        /// <summary>They are.</summary>
        public static readonly Reason Verified = Type.True("Every host that has to be proven is.");

        /// <summary>Nothing has to be.</summary>
        public static readonly Reason NotNeeded = Type.True("No host has to be proven.");

        /// <summary>Some are not.</summary>
        public static readonly Reason HostNotVerified = Type.False(
            "A host is not served before it is proven; make the TXT record that the message names, and it is found by itself."
        );
    }
}
