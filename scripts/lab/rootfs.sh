# The root file system of a simulated server: Debian 12 with systemd, cloud-init and Docker, made once, kept as a tar
# under /var/cache/sam by a hash of its recipe (this file and vm/), and imported into the engine.
rootfs_packages=systemd-sysv,dbus,iproute2,iptables,nftables,ca-certificates,docker.io,cloud-init,procps,curl
# Not needed in a server that lives for minutes; saves a quarter.
rootfs_leave_out=('/usr/share/man/*' '/usr/share/doc/*' '/usr/share/info/*' '/usr/share/locale/*' '/usr/share/i18n/*'
  /usr/bin/ctr /usr/bin/dnet /usr/sbin/ovrouter /usr/bin/containerd-shim /usr/bin/containerd-shim-runc-v1)

rootfs_up() {
  local key tar began=$SECONDS cache
  key=$(cat "$here/lab/rootfs.sh" "$here"/lab/vm/* | sha256sum | cut -c1-16)
  [ "$(docker_ image inspect -f '{{index .Config.Labels "dev.sam.recipe"}}' "$vm_image" 2>/dev/null)" = "$key" ] && return 0
  for cache in /var/cache/sam "$folder/cache"; do
    mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] && break
  done
  tar=$cache/rootfs-$key.tar
  [ -f "$tar" ] || rootfs_make "$tar"
  docker_ import -c "LABEL dev.sam.recipe=$key" -c 'ENV container=docker' -c 'CMD ["/usr/sbin/sam-boot"]' - "$vm_image" <"$tar" >/dev/null
  say "server image $vm_image ready after $((SECONDS - began)) s ($(du -m "$tar" | cut -f1) MB tar)"
}

rootfs_make() {
  local options=(--variant=minbase --include="$rootfs_packages" --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io) path old new=${1%/*}/new.tar
  for path in "${rootfs_leave_out[@]}"; do options+=(--dpkgopt="path-exclude=$path"); done
  say "making the server's root file system from Debian's packages (once: 30 to 120 s)"
  mkdir -p "$folder/logs"
  (
    umask 022
    mmdebstrap "${options[@]}" --customize-hook="$here/lab/vm/customize.sh $here/lab/vm \"\$1\"" bookworm "$new" 9>&-
  ) >>"$folder/logs/mmdebstrap.log" 2>&1 || { rm -f "$new"; missing "mmdebstrap failed: see $folder/logs/mmdebstrap.log"; }
  for old in "${1%/*}"/rootfs-*.tar; do rm -f "$old"; done
  mv "$new" "$1"
}
