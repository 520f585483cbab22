using System.Text;
using System.Text.RegularExpressions;

namespace Sam.Operator.UserData;

/// <summary>Renders cloud-init user data (<c>#cloud-config</c>): swap, engine with mutual TLS, block of the metadata address; nothing unused. Pure.</summary>
public static partial class UserDataRenderer
{
    /// <summary>Most bytes that the provider takes.</summary>
    public const int Limit = 32 * 1024;

    /// <summary>Renders, or lists everything that is wrong with the request.</summary>
    /// <exception cref="ArgumentException">A value is not of its form, or the result is too long.</exception>
    public static string Render(UserDataRequest request)
    {
        var faults = Faults(request).ToList();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(request));
        var text = Text(request);
        return Encoding.UTF8.GetByteCount(text) < Limit
            ? text
            : throw new ArgumentException($"User data is {Encoding.UTF8.GetByteCount(text)} bytes long; the provider takes {Limit}", nameof(request));
    }

    private static string Text(UserDataRequest request)
    {
        var swap = request.SwapMiB > 0 ? $"swap: {{filename: /swapfile, size: {request.SwapMiB * 1024L * 1024}}}\n" : "";
        var keys = request.SshKeys.IsEmpty ? "" : $"ssh_authorized_keys:\n{string.Concat(request.SshKeys.Select(key => $"  - {key}\n"))}";
        return $"""
            #cloud-config
            # Written by SAM. The key below is this VM's own and is worth no more than root on it.
            hostname: {request.HostName}
            package_update: false
            package_upgrade: false
            ssh_pwauth: false
            {swap}{keys}bootcmd:
              # Off before anything else: an upgrade that re-executes daemons in the middle of the first boot breaks it.
              - [sh, -c, 'systemctl stop apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service 2>/dev/null; systemctl disable apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service 2>/dev/null; true']
            write_files:
            {File("/etc/sam/tls/ca.pem", "0644", request.ClientAuthoritiesPem)}
            {File("/etc/sam/tls/cert.pem", "0644", request.EngineCertificatePem)}
            {File("/etc/sam/tls/key.pem", "0600", request.EngineKeyPem)}
            {File("/etc/docker/daemon.json", "0644", DaemonJson)}
            {File("/etc/systemd/system/docker.service.d/10-sam.conf", "0644", DropIn)}
            {File("/etc/sam/block.nft", "0600", Nftables(request))}
            {File("/etc/sam/install", "0755", Install)}
            runcmd:
              - [/etc/sam/install]

            """.ReplaceLineEndings("\n");
    }

    private static string File(string path, string mode, string content) =>
        $"  - path: {path}\n    permissions: '{mode}'\n    encoding: b64\n    content: {Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}";

    private const string DaemonJson = """
        {
          "hosts": ["fd://", "tcp://0.0.0.0:2376"],
          "tlsverify": true,
          "tlscacert": "/etc/sam/tls/ca.pem",
          "tlscert": "/etc/sam/tls/cert.pem",
          "tlskey": "/etc/sam/tls/key.pem",
          "live-restore": true,
          "log-driver": "json-file",
          "log-opts": {"max-size": "10m", "max-file": "3"}
        }

        """;

    // The table is loaded before every start of the engine: no container runs without it. The unit's own -H would contradict the file's hosts. The engine is found at start, since distributions differ on where it is.
    private const string DropIn = """
        [Service]
        ExecStartPre=/usr/sbin/nft -f /etc/sam/block.nft
        ExecStart=
        ExecStart=/bin/sh -c 'exec "$(command -v dockerd)" --containerd=/run/containerd/containerd.sock'

        """;

    // In a table of its own, which Docker does not touch: no container ever reaches the provider's metadata, over IPv6 either.
    private static string Nftables(UserDataRequest request)
    {
        var engine = request.EngineSources.IsEmpty
            ? ""
            : $$"""
                  chain input {
                    type filter hook input priority filter - 10; policy accept;
                    tcp dport 2376 ip saddr != { {{string.Join(", ", request.EngineSources)}} } drop
                    tcp dport 2376 meta nfproto ipv6 drop
                  }

                """;
        return $$"""
            table inet sam
            delete table inet sam
            table inet sam {
              chain forward {
                type filter hook forward priority filter - 10; policy accept;
                ip daddr 169.254.169.254 drop
                ip6 daddr fe80::a9fe:a9fe drop
                ip6 daddr fd00:ec2::254 drop
              }
            {{engine}}}

            """;
    }

    private const string Install = """
        #!/bin/sh
        # A failure here leaves the engine unreachable, which is what the operator sees and tells.
        set -e
        export DEBIAN_FRONTEND=noninteractive
        command -v nft >/dev/null || { apt-get update -q; apt-get install -qy --no-install-recommends nftables; }
        command -v dockerd >/dev/null || { apt-get update -q; apt-get install -qy --no-install-recommends docker.io; }
        systemctl daemon-reload
        systemctl enable docker.service
        # An engine that came up with our files already (port 2376 is 0948 in hex) is left alone: a restart would cut its first callers off.
        grep -q ':0948 ' /proc/net/tcp /proc/net/tcp6 && exit 0
        systemctl reset-failed docker.service 2>/dev/null || true
        systemctl restart docker.service

        """;

    private static IEnumerable<string> Faults(UserDataRequest request)
    {
        if (!HostNameForm().IsMatch(request.HostName))
            yield return $"hostName '{request.HostName}' is not a host name";
        if (!PemForm().IsMatch(request.EngineKeyPem))
            yield return "engineKeyPem is not PEM";
        if (!PemForm().IsMatch(request.EngineCertificatePem))
            yield return "engineCertificatePem is not PEM";
        if (!PemForm().IsMatch(request.ClientAuthoritiesPem))
            yield return "clientAuthoritiesPem is not PEM";
        if (request.SwapMiB is < 0 or > 65536)
            yield return $"swapMiB {request.SwapMiB} is not within 0 and 65536";
        foreach (var source in request.EngineSources.Where(source => !NetworkForm().IsMatch(source)))
            yield return $"engineSources '{source}' is not an IPv4 address or network";
        foreach (var key in request.SshKeys.Where(key => !SshKeyForm().IsMatch(key)))
            yield return $"sshKeys '{(key.Length > 20 ? key[..20] : key)}' is not an OpenSSH public key";
    }

    private const int Patience = 1000;

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex HostNameForm();

    [GeneratedRegex("^(-----BEGIN [A-Z ]+-----\n[A-Za-z0-9+/=\n]+-----END [A-Z ]+-----\n?)+$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PemForm();

    [GeneratedRegex("^[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex NetworkForm();

    [GeneratedRegex("^(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [A-Za-z0-9@._ -]*)?$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex SshKeyForm();
}
