namespace Sam.Operator.UserData;

/// <summary>What runs once after the files are there. Every step may be repeated; a step that must hold ends the script.</summary>
internal static class SetupScript
{
    public static string Of(int swapMiB, bool mountsVolumes) =>
        Head
        + (swapMiB > 0 ? Swap.Replace("SIZE", swapMiB.ToString(), StringComparison.Ordinal) : "")
        + (mountsVolumes ? VolumeFiles.Begin : "")
        + Tail;

    private const string Head = """
        #!/bin/sh
        # SAM: made once by cloud-init; running it again changes nothing.
        set -u
        export DEBIAN_FRONTEND=noninteractive
        say() { echo "sam: $*"; }


        """;

    /// <summary>Swap is a comfort: no failure of it (a file system without swap files, a container) may fail the boot.</summary>
    private const string Swap = """
        swap() {
          [ ! -e /swapfile ] || return 0
          free=$(df -Pm / | awk 'NR == 2 {print $4}')
          [ "$free" -gt $((SIZE + 4096)) ] || { say "no room for swap"; return 0; }
          fallocate -l SIZEM /swapfile && chmod 600 /swapfile && mkswap /swapfile >/dev/null && swapon /swapfile \
            || { rm -f /swapfile; say "no swap here"; return 0; }
          grep -q '^/swapfile ' /etc/fstab || echo '/swapfile none swap sw,nofail 0 0' >>/etc/fstab
        }
        swap


        """;

    private const string Tail = """
        missing=
        command -v nft >/dev/null || [ -x /usr/sbin/nft ] || missing="nftables"
        [ -x /usr/bin/dockerd ] || [ -x /usr/sbin/dockerd ] || missing="$missing docker.io"
        if [ -n "$missing" ]; then
          # The guard and the drop-in are there already, so a daemon that its package starts is guarded from its first moment.
          systemctl daemon-reload
          for try in 1 2 3 4 5; do
            apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 update -q \
              && apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Dpkg::Options::=--force-confold \
                install -y -q --no-install-recommends $missing && break
            say "installing $missing failed, try $try of 5"
            sleep $((try * 5))
          done
        fi

        systemctl daemon-reload
        systemctl enable sam-guard.service docker.service
        systemctl reset-failed docker.service docker.socket 2>/dev/null
        systemctl start sam-guard.service || { say "the guard does not load: the engine stays closed"; systemctl stop docker.socket docker.service; exit 1; }
        # An engine that came up with these files already is left alone: a restart would cut its first callers off (2376 is 0948 in hex).
        grep -q ':0948 ' /proc/net/tcp /proc/net/tcp6 || systemctl restart docker.service || { say "docker does not start"; journalctl -u docker --no-pager -n 30; exit 1; }
        say "engine up"
        """;
}
