# The root file system of a simulated server: Debian 12 with systemd, cloud-init and Docker. The packages are unpacked once
# and kept as a tar under /var/cache/sam by a hash of the recipe; our own files (vm/) come on top in the engine, in a second.
rootfs_packages=systemd-sysv,dbus,iproute2,iptables,nftables,ca-certificates,docker.io,cloud-init,procps,curl
# Not needed in a server that lives for minutes; saves a quarter.
rootfs_leave_out=('/usr/share/man/*' '/usr/share/doc/*' '/usr/share/info/*' '/usr/share/locale/*' '/usr/share/i18n/*'
  /usr/bin/ctr /usr/bin/dnet /usr/sbin/ovrouter /usr/bin/containerd-shim /usr/bin/containerd-shim-runc-v1)

rootfs_up() {
  local base key began=$SECONDS
  base=sam-vm-base:$(printf '%s\n' "$rootfs_packages" "${rootfs_leave_out[@]}" | sha256sum | cut -c1-16)
  key=$(cat "$here"/lab/vm/* <(echo "$base") | sha256sum | cut -c1-16)
  [ "$(docker_ image inspect -f '{{index .Config.Labels "dev.sam.recipe"}}' "$vm_image" 2>/dev/null)" = "$key" ] && return 0
  docker_ image inspect "$base" >/dev/null 2>&1 || rootfs_import "$base"
  rootfs_customize "$base" "$key"
  say "server image $vm_image ready after $((SECONDS - began)) s"
}

rootfs_import() {
  local cache tar
  for cache in /var/cache/sam "$folder/cache"; do
    mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] && break
  done
  tar=$cache/rootfs-${1#*:}.tar
  [ -f "$tar" ] || rootfs_make "$tar"
  docker_ import -c 'ENV container=docker' -c 'CMD ["/usr/sbin/sam-boot"]' - "$1" <"$tar" >/dev/null
  say "root file system imported ($(du -m "$tar" | cut -f1) MB tar)"
}

rootfs_make() {
  local options=(--variant=minbase --include="$rootfs_packages" --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io)
  local path old began=$SECONDS new=${1%/*}/new-$lab.tar
  for path in "${rootfs_leave_out[@]}"; do options+=(--dpkgopt="path-exclude=$path"); done
  say "making the servers' root file system from Debian's packages (once: 40 to 120 s)"
  mkdir -p "$folder/logs"
  (umask 022; mmdebstrap "${options[@]}" bookworm "$new" 9>&-) >>"$folder/logs/mmdebstrap.log" 2>&1 ||
    { rm -f "$new"; missing "mmdebstrap failed: see $folder/logs/mmdebstrap.log"; }
  for old in "${1%/*}"/rootfs-*.tar; do rm -f "$old"; done
  mv "$new" "$1"
  say "made in $((SECONDS - began)) s"
}

rootfs_customize() {
  local stage container
  stage=$(mktemp -d "$folder/stage.XXXXXX")
  (umask 022; "$here/lab/vm/customize.sh" "$stage")
  chmod 755 "$stage"
  container=$(docker_ create "$1")
  tar -C "$stage" --owner=0 --group=0 -c . | docker_ cp - "$container:/"
  docker_ commit -c "LABEL dev.sam.recipe=$2" "$container" "$vm_image" >/dev/null
  docker_ rm "$container" >/dev/null
  rm -r "$stage"
}
