#!/usr/bin/env bash
# engine.sh image SOCKET: one busybox image under three names, for the contract tests; made from the host's static busybox.
set -euo pipefail
export DOCKER_HOST=unix://$2
root=$(mktemp -d)
trap 'rm -r "$root"' EXIT
chmod 755 "$root"
mkdir -p "$root/bin" "$root/etc"
mkdir -m 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done
echo root:x:0:0:root:/root:/bin/sh >"$root/etc/passwd"
echo root:x:0: >"$root/etc/group"
import() { tar -C "$root" -c . | docker import -c 'ENV PATH=/bin' -c "CMD $2" - "$1" >/dev/null; }
import sam/runs:1 '["sleep", "3600"]'
import sam/exits:3 '["sh", "-c", "sleep 0.3; exit 3"]'
import sam/speaks:1 '["sh", "-c", "for n in 0 1 2 3 4 5 6 7 8 9; do echo line $n; done; sleep 3600"]'
