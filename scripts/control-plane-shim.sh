#!/bin/sh
# Makes a folder for KUBEBUILDER_ASSETS where no kube-apiserver can be had: etcd of this machine, and as kube-apiserver a script that takes the
# same flags and starts the dev cluster with the same certificates. It tries the way to a control plane, not the control plane.
set -eu
folder=${1:?usage: control-plane-shim.sh FOLDER}
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder"
ln -sf "$(command -v etcd)" "$folder/etcd"
cat > "$folder/kube-apiserver" <<SHIM
#!/bin/sh
for flag; do
  case \$flag in
    --secure-port=*) port=\${flag#*=} ;;
    --tls-cert-file=* | --tls-private-key-file=* | --client-ca-file=*) kept="\${kept:-} \$flag" ;;
    --etcd-servers=* | --bind-address=* | --advertise-address=* | --cert-dir=* | --service-* | --authorization-mode=RBAC | --allow-privileged=*) ;;
    --api-audiences=* | --requestheader-* | --proxy-client-* | --enable-aggregator-routing=true) ;;
    --disable-admission-plugins=ServiceAccount) ;;
    *) echo "unknown flag: \$flag" >&2; exit 1 ;;
  esac
done
exec dotnet "$root/tests/Sam.DevCluster/bin/Debug/net10.0/Sam.DevCluster.dll" --port "\$port" \$kept
SHIM
chmod +x "$folder/kube-apiserver"
