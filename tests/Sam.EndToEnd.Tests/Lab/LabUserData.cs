namespace Sam.EndToEnd.Tests.Lab;

/// <summary>User data as the operator writes it: TLS files, daemon configuration, drop-in, metadata block, restart.</summary>
internal static class LabUserData
{
    public static string For(LabPki pki) =>
        $$"""
            #cloud-config
            swap: {filename: /swapfile, size: 16777216}
            write_files:
              - path: /etc/docker/tls/ca.pem
                permissions: '0600'
                encoding: b64
                content: {{Encode(pki.AuthorityPem)}}
              - path: /etc/docker/tls/cert.pem
                permissions: '0600'
                encoding: b64
                content: {{Encode(pki.ServerPem)}}
              - path: /etc/docker/tls/key.pem
                permissions: '0600'
                encoding: b64
                content: {{Encode(pki.ServerKeyPem)}}
              - path: /etc/docker/daemon.json
                content: |
                  {"hosts": ["fd://", "tcp://0.0.0.0:2376"], "tlsverify": true, "tlscacert": "/etc/docker/tls/ca.pem",
                   "tlscert": "/etc/docker/tls/cert.pem", "tlskey": "/etc/docker/tls/key.pem", "live-restore": true,
                   "log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "3"} }
              - path: /etc/systemd/system/docker.service.d/10-sam.conf
                content: |
                  [Service]
                  ExecStart=
                  ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock
              - path: /etc/sam/metadata.nft
                content: |
                  table inet sam_metadata {
                    chain forward {
                      type filter hook forward priority filter - 10; policy accept;
                      ip daddr 169.254.169.254 counter drop
                      ip6 daddr fd00:ec2::254 counter drop
                    }
                  }
              - path: /etc/systemd/system/sam-metadata.service
                content: |
                  [Unit]
                  Before=docker.service
                  [Service]
                  Type=oneshot
                  RemainAfterExit=yes
                  ExecStart=/usr/sbin/nft -f /etc/sam/metadata.nft
                  [Install]
                  WantedBy=multi-user.target
            runcmd:
              - systemctl daemon-reload
              - systemctl enable --now sam-metadata.service
              - systemctl restart docker
            """;

    private static string Encode(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
}
