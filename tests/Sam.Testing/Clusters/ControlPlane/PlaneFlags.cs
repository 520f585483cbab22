namespace Sam.Testing.Clusters.ControlPlane;

/// <summary>The command lines: flags that kube-apiserver and kube-controller-manager have from 1.30 to 1.36, and etcd from 3.4 to 3.6.</summary>
/// <param name="folder">Where certificates, keys and data lie.</param>
/// <param name="etcdPort">Port of etcd.</param>
/// <param name="serverPort">Port of the API server.</param>
/// <param name="controllersPort">Port of the controllers' health.</param>
/// <param name="hasControllers">Whether somebody makes service accounts.</param>
internal sealed class PlaneFlags(string folder, int etcdPort, int serverPort, int controllersPort, bool hasControllers)
{
    private readonly string _etcd = $"http://127.0.0.1:{etcdPort}";

    /// <summary>Where the API is served.</summary>
    public Uri Server { get; } = new($"https://127.0.0.1:{serverPort}");

    public string[] Etcd() =>
        [
            $"--data-dir={folder}/etcd",
            $"--listen-client-urls={_etcd}",
            $"--advertise-client-urls={_etcd}",
            "--listen-peer-urls=http://127.0.0.1:0",
            "--unsafe-no-fsync",
            "--log-level=warn",
        ];

    public string[] ApiServer() =>
        [
            $"--etcd-servers={_etcd}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            $"--secure-port={serverPort}",
            $"--cert-dir={folder}",
            $"--tls-cert-file={folder}/{PlaneCertificates.ServerCertificate}",
            $"--tls-private-key-file={folder}/{PlaneCertificates.ServerKey}",
            $"--client-ca-file={folder}/{PlaneCertificates.Authority}",
            $"--service-account-issuer={Server}",
            $"--service-account-key-file={folder}/{PlaneCertificates.AccountKey}",
            $"--service-account-signing-key-file={folder}/{PlaneCertificates.AccountKey}",
            // The API server accepts its own issuer as audience; a token for another, such as sam-registry, is issued and reviewed but opens nothing here.
            $"--api-audiences={Server}",
            // How it speaks for its users to servers that are aggregated (APIService).
            $"--requestheader-client-ca-file={folder}/{PlaneCertificates.ProxyAuthority}",
            $"--requestheader-allowed-names={PlaneCertificates.ProxyName}",
            "--requestheader-username-headers=X-Remote-User",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            $"--proxy-client-cert-file={folder}/{PlaneCertificates.ProxyCertificate}",
            $"--proxy-client-key-file={folder}/{PlaneCertificates.ProxyKey}",
            // There is no kube-proxy: a service's address leads nowhere, its endpoints do.
            "--enable-aggregator-routing=true",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--authorization-mode=RBAC",
            "--allow-privileged=true",
            // Without its controller no service account is ever made, and the plugin would wait for one.
            .. hasControllers ? (string[])[] : ["--disable-admission-plugins=ServiceAccount"],
        ];

    public string[] Controllers() =>
        [
            $"--kubeconfig={folder}/{PlaneCertificates.KubeconfigFile}",
            $"--authentication-kubeconfig={folder}/{PlaneCertificates.KubeconfigFile}",
            $"--authorization-kubeconfig={folder}/{PlaneCertificates.KubeconfigFile}",
            "--bind-address=127.0.0.1",
            $"--secure-port={controllersPort}",
            $"--cert-dir={folder}",
            $"--root-ca-file={folder}/{PlaneCertificates.Authority}",
            $"--service-account-private-key-file={folder}/{PlaneCertificates.AccountKey}",
            "--leader-elect=false",
            "--controllers=namespace-controller,garbage-collector-controller,serviceaccount-controller,"
                + "serviceaccount-token-controller,root-ca-certificate-publisher-controller,clusterrole-aggregation-controller",
        ];
}
