#!/bin/sh
# customize.sh ROOT: fills ROOT with the files that make Debian in a container stand in for a server.
set -eu
source=$(dirname "$0") root=$1 units=$1/etc/systemd/system
mkdir -p "$root/usr/sbin" "$units/sockets.target.wants" "$root/etc/cloud/cloud.cfg.d" "$root/var/lib/cloud/seed/nocloud"
install -m 755 "$source/sam-boot" "$root/usr/sbin/sam-boot"
install -m 644 "$source/sam-registry.socket" "$source/sam-registry.service" "$units"
ln -s ../sam-registry.socket "$units/sockets.target.wants/sam-registry.socket"
# Swap belongs to the kernel that all servers and the machine share: accepted and noted, not done.
for name in swapon swapoff; do
  printf '#!/bin/sh\nmkdir -p /run/sam\necho "%s $*" >>/run/sam/swap\n' "$name" >"$root/usr/sbin/$name"
  chmod 755 "$root/usr/sbin/$name"
done
printf 'datasource_list: [ NoCloud ]\nlocale: C.UTF-8\n' >"$root/etc/cloud/cloud.cfg.d/99-sam.cfg"
printf 'network: {config: disabled}\n' >"$root/etc/cloud/cloud.cfg.d/99-sam-network.cfg"
chmod 700 "$root/var/lib/cloud/seed/nocloud"
: >"$root/etc/machine-id" # each server makes its own
# Masked: these would change the kernel settings of the machine that runs the lab, or have nothing to do in a container.
for unit in systemd-sysctl.service systemd-modules-load.service systemd-binfmt.service systemd-udevd.service \
  systemd-udev-trigger.service sys-fs-fuse-connections.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
  sys-kernel-config.mount dev-hugepages.mount console-getty.service getty@tty1.service apt-daily.timer \
  apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer; do
  ln -s /dev/null "$units/$unit"
done
