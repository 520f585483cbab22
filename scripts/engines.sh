#!/usr/bin/env bash
# The real-engine lab: one Docker Engine, one registry, the images and the root file system of the simulated servers.
#   scripts/engines.sh up|down|status [FOLDER]
# Everything lives in FOLDER (default: .engines in the repository, or $SAM_ENGINES). What the rest reads is FOLDER/engines.json.
set -euo pipefail
shopt -s nullglob
umask 077

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
verb=${1:-}
folder=$(realpath -m "${2:-${SAM_ENGINES:-$here/../.engines}}")
lab=$(printf %s "$folder" | sha256sum | cut -c1-8)
registry=127.77.0.2:5000
vm_image=sam-vm:bookworm
network=sam-vmnet-$lab

for part in processes engine registry images rootfs json; do
  # shellcheck source=/dev/null
  . "$here/lab/$part.sh"
done

say() { printf 'engines: %s\n' "$*" >&2; }
missing() { say "$*"; exit 3; }

up() {
  local began=$SECONDS
  mkdir -p "$folder"
  chmod 700 "$folder"
  install_packages
  engine_up
  registry_up
  images_up
  rootfs_up
  write_json
  say "up in $((SECONDS - began)) s: $folder/engines.json"
}

down() {
  [ -d "$folder" ] || { netns_down; say "nothing to end in $folder"; return 0; }
  engine_find
  lab_objects_down
  registry_down
  engine_down
  rm -rf --one-file-system "$folder"
  say "down: nothing is left of $folder"
}

status() {
  [ -f "$folder/engines.json" ] || { say "down: no $folder/engines.json"; return 1; }
  engine_find
  local ok=0
  if engine_answers; then say "engine answers at $docker_host"; else say "engine does not answer at $docker_host"; ok=1; fi
  if registry_answers; then say "registry answers at $registry"; else say "registry does not answer at $registry"; ok=1; fi
  cat "$folder/engines.json"
  return $ok
}

case $verb in
  up|down)
    # One at a time for one folder; the lock lies outside of it, because down removes the folder.
    exec 9>"${TMPDIR:-/tmp}/sam-engines-$lab.lock"
    flock 9
    "$verb" ;;
  status) status ;;
  *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
esac
