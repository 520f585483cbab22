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
        Description=Keep containers from the metadata address
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

    /// <summary>What nft loads. Who may come in is the provider's firewall's to say: it can be changed after the first boot, this cannot.</summary>
    public const string Table = """
        #!/usr/sbin/nft -f
        table inet sam
        delete table inet sam
        table inet sam {
          chain forward {
            type filter hook forward priority -10; policy accept;
            ip daddr 169.254.169.254 counter drop
            ip6 daddr { fd00:ec2::254, fe80::a9fe:a9fe } counter drop
          }
        }

        """;
}
