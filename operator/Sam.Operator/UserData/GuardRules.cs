using System.Collections.Immutable;
using System.Text;

namespace Sam.Operator.UserData;

/// <summary>
/// A table of our own, loaded before the engine starts: the engine's rules neither see nor flush it. Containers never reach the metadata
/// address, which would show them this user data and with it the engine's key.
/// </summary>
internal static class GuardRules
{
    /// <summary>Loads the table once per boot. Flushing nftables (systemctl reload nftables) removes it: that unit wants it again.</summary>
    public const string Unit = """
        [Unit]
        Description=Keep containers from the metadata address, strangers from the engine's port
        DefaultDependencies=no
        Wants=network-pre.target
        Before=network-pre.target docker.service docker.socket
        After=local-fs.target nftables.service
        PartOf=nftables.service

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/usr/sbin/nft -f /etc/sam/guard.nft

        [Install]
        WantedBy=multi-user.target docker.service nftables.service
        """;

    public static string Of(ImmutableArray<string> egress)
    {
        var text = new StringBuilder(
            """
            #!/usr/sbin/nft -f
            table inet sam
            delete table inet sam
            table inet sam {
              chain forward {
                type filter hook forward priority -10; policy accept;
                ip daddr 169.254.169.254 counter drop
                ip6 daddr { fd00:ec2::254, fe80::a9fe:a9fe } counter drop
              }

            """
        );
        if (!egress.IsEmpty)
        {
            // Established connections are not looked up again, so that a rotation of addresses cuts no one off in the middle.
            text.Append("  chain input {\n    type filter hook input priority -10; policy accept;\n");
            text.Append("    tcp dport != 2376 accept\n    iif lo accept\n    ct state established accept\n");
            foreach (var address in egress)
            {
                // One rule each: nft refuses a set whose elements overlap.
                text.Append(UserDataValidator.IsV6(address) ? "    ip6 saddr " : "    ip saddr ")
                    .Append(address)
                    .Append(" accept\n");
            }

            text.Append("    counter drop\n  }\n");
        }

        return text.Append("}\n").ToString();
    }
}
