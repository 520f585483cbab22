namespace Sam.Operator.UserData;

/// <summary>A file that cloud-init writes.</summary>
internal sealed record UserDataFile(string Path, string Mode, string Content);

/// <summary>The files of a Machine, in the order they are written.</summary>
internal static class UserDataFiles
{
    /// <summary>
    /// Runs before anything else: an unattended upgrade holds apt's lock, and restarts the engine under running containers. A unit that the
    /// image lacks is no fault.
    /// </summary>
    public const string Quiet = """
        for unit in apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service unattended-upgrades.service; do
          systemctl disable --now --no-block "$unit" 2>/dev/null || true
          systemctl mask "$unit" 2>/dev/null || true
        done
        """;

    public static IEnumerable<UserDataFile> Of(UserDataRequest request)
    {
        yield return new("/etc/sam/tls/key.pem", "0600", request.EngineKeyPem);
        yield return new("/etc/sam/tls/cert.pem", "0644", request.EngineCertificatePem);
        yield return new("/etc/sam/tls/ca.pem", "0644", request.ClientAuthoritiesPem);
        yield return new("/etc/docker/daemon.json", "0644", Daemon);
        yield return new("/usr/local/sbin/sam-dockerd", "0755", Dockerd);
        yield return new("/etc/systemd/system/docker.service.d/10-sam.conf", "0644", DropIn);
        yield return new("/etc/sam/guard.nft", "0644", GuardRules.Table);
        yield return new("/etc/systemd/system/sam-guard.service", "0644", GuardRules.Unit);
        if (request.MountsVolumes)
        {
            foreach (var file in VolumeFiles.All)
                yield return file;
        }
        yield return new("/usr/local/sbin/sam-setup", "0755", SetupScript.Of(request.SwapMiB, request.MountsVolumes));
    }

    private const string Daemon = """
        {
          "tlsverify": true,
          "tlscacert": "/etc/sam/tls/ca.pem",
          "tlscert": "/etc/sam/tls/cert.pem",
          "tlskey": "/etc/sam/tls/key.pem",
          "live-restore": true,
          "log-driver": "json-file",
          "log-opts": {"max-size": "10m", "max-file": "3"}
        }
        """;

    /// <summary>
    /// Docker's own packages have it in /usr/bin, Debian's in /usr/sbin. The listeners stand here and not in daemon.json: the packaged
    /// unit says -H, and would fail over the two of them if it starts before systemd has read the drop-in.
    /// </summary>
    private const string Dockerd = """
        #!/bin/sh
        for path in /usr/bin/dockerd /usr/sbin/dockerd; do
          [ ! -x "$path" ] || exec "$path" -H fd:// -H tcp://0.0.0.0:2376 --containerd=/run/containerd/containerd.sock
        done
        echo "no dockerd on this machine" >&2
        exit 1
        """;

    /// <summary>Without the guard the engine does not start.</summary>
    private const string DropIn = """
        [Unit]
        Requires=sam-guard.service
        After=sam-guard.service

        [Service]
        ExecStart=
        ExecStart=/usr/local/sbin/sam-dockerd
        """;
}
