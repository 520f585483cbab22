#!/bin/sh
# customize.sh SOURCE ROOT: what a container needs to stand in for a server; run by mmdebstrap once the packages are in.
set -eu
source=$1 root=$2
install -m 755 "$source/sam-boot" "$root/usr/sbin/sam-boot"
install -m 644 "$source/sam-registry.socket" "$source/sam-registry.service" "$root/etc/systemd/system/"
# Swap belongs to the kernel that all servers and the machine share: accepted and noted, not done.
for name in swapon swapoff; do
  printf '#!/bin/sh\nmkdir -p /run/sam\necho "%s $*" >>/run/sam/swap\n' "$name" >"$root/usr/sbin/$name"
  chmod 755 "$root/usr/sbin/$name"
done
printf 'datasource_list: [ NoCloud ]\nlocale: C.UTF-8\n' >"$root/etc/cloud/cloud.cfg.d/99-sam.cfg"
printf 'network: {config: disabled}\n' >"$root/etc/cloud/cloud.cfg.d/99-sam-network.cfg"
mkdir -p "$root/var/lib/cloud/seed/nocloud"
chmod 700 "$root/var/lib/cloud/seed/nocloud"
: >"$root/etc/machine-id" # each server makes its own
chroot "$root" systemctl enable sam-registry.socket docker.service docker.socket
# These would change the kernel settings of the machine that runs the lab, or have nothing to do in a container.
chroot "$root" systemctl mask systemd-sysctl.service systemd-modules-load.service systemd-binfmt.service \
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount dev-hugepages.mount \
  systemd-udevd.service systemd-udev-trigger.service console-getty.service getty@tty1.service \
  apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer
