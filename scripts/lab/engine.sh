# The Docker Engine: one that answers already, or our own in a network namespace of its own (nothing of it listens on TCP).
netns_name=sam-$lab
netns=
docker_host=
ours=false

ping_engine() { [ "$(curl -s -m 5 --unix-socket "${1#unix://}" http://docker/_ping 2>/dev/null)" = OK ]; }
engine_answers() { ping_engine "$docker_host"; }
docker_() { DOCKER_HOST=$docker_host docker "$@"; }
inside() { if [ -n "$netns" ]; then nsenter --net="$netns" "$@"; else "$@"; fi; }

is_debian_root() { [ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; }

# Which engine this folder belongs to: ours if it was made here, else the one that answers.
engine_find() {
  if [ -e "$folder/docker.sock" ] || [ -d "$folder/docker" ]; then
    use_own_engine
  elif [ -n "${DOCKER_HOST:-}" ] && [[ $DOCKER_HOST == unix://* ]] && ping_engine "$DOCKER_HOST"; then
    use_foreign_engine "$DOCKER_HOST"
  elif ping_engine unix:///var/run/docker.sock; then
    use_foreign_engine unix:///var/run/docker.sock
  else
    use_own_engine
  fi
}

# Labs that share an engine must not share the server image: each removes its own.
use_foreign_engine() { docker_host=$1; vm_image=sam-vm:$lab; }
use_own_engine() { ours=true; docker_host=unix://$folder/docker.sock; netns=/run/netns/$netns_name; }

install_packages() {
  local wanted=(curl:curl busybox:busybox-static caddy:caddy docker-registry:docker-registry mmdebstrap:mmdebstrap
    ip:iproute2 iptables:iptables dockerd:docker.io docker:docker.io) lacking=() pair
  command -v curl >/dev/null && engine_find
  [ "$ours" = true ] || wanted=("${wanted[@]/dockerd:docker.io}")
  for pair in "${wanted[@]}"; do
    [ -z "$pair" ] || command -v "${pair%%:*}" >/dev/null || lacking+=("${pair##*:}")
  done
  # Debian's busybox package is linked with libraries that our one-file images do not have.
  [ -e /usr/share/doc/busybox-static ] || [[ " ${lacking[*]} " == *" busybox-static "* ]] || lacking+=(busybox-static)
  [ ${#lacking[@]} -eq 0 ] && return 0
  is_debian_root || missing "missing ${lacking[*]}: install them, or run this as root on Debian"
  say "installing ${lacking[*]}"
  mkdir -p "$folder/logs"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${lacking[@]}"; } \
    >>"$folder/logs/apt.log" 2>&1 9>&- || missing "apt-get could not install ${lacking[*]}: see $folder/logs/apt.log"
}

engine_up() {
  engine_find
  if [ "$ours" = true ]; then own_engine_up; else say "using the engine at $docker_host"; fi
  network_up
}

own_engine_up() {
  if alive dockerd && engine_answers; then return 0; fi
  is_debian_root || missing "no Docker Engine answers at DOCKER_HOST or /var/run/docker.sock: start one, or run this as root on Debian"
  # dockerd and containerd bind Unix sockets below the folder, and a socket's path ends at 107 characters.
  [ ${#folder} -le 64 ] || missing "the path $folder is longer than 64 characters, too long for dockerd's sockets: choose a shorter FOLDER or SAM_ENGINES"
  end dockerd
  engine_leftovers_down
  mkdir -p "$folder/docker"
  [ -e "$netns" ] || ip netns add "$netns_name"
  ip -n "$netns_name" link set lo up
  echo '{}' >"$folder/docker/daemon.json" # not the host's file
  # nsenter, not "ip netns exec": that one mounts a new /sys and hides the cgroups.
  spawn dockerd nsenter --net="$netns" dockerd -H "$docker_host" --config-file "$folder/docker/daemon.json" \
    --data-root "$folder/docker/data" --exec-root "$folder/docker/exec" --pidfile "$folder/docker/dockerd.pid"
  until_true 60 "dockerd does not answer" engine_answers
}

# One subnet for the servers. In the host's namespace it must not hide a network that exists, so the first free one is taken.
network_up() {
  local n
  if ! docker_ network inspect "$network" >/dev/null 2>&1; then
    for n in {0..15}; do
      [ "$ours" = true ] || ! ip -4 route show | grep -q "^10\.77\.$n\." || continue
      docker_ network create --label "dev.sam.lab=$lab" --subnet "10.77.$n.0/24" --gateway "10.77.$n.1" "$network" >/dev/null 2>&1 && break
    done
  fi
  subnet=$(docker_ network inspect -f '{{(index .IPAM.Config 0).Subnet}}' "$network")
  gateway=$(docker_ network inspect -f '{{(index .IPAM.Config 0).Gateway}}' "$network")
  inside ip -4 -o address show | grep -qF " $gateway/" \
    || missing "the engine at $docker_host is not in this network namespace, so its containers cannot be reached: unset DOCKER_HOST to let the lab start its own"
}

# What the lab made in the engine, whoever's engine it is.
lab_objects_down() {
  engine_answers || return 0
  local filter="label=dev.sam.lab=$lab" ids
  ids=$(docker_ ps -aq --filter "$filter"); [ -z "$ids" ] || docker_ rm -f -v $ids >/dev/null
  ids=$(docker_ volume ls -q --filter "$filter"); [ -z "$ids" ] || docker_ volume rm -f $ids >/dev/null
  ids=$(docker_ network ls -q --filter "$filter"); [ -z "$ids" ] || docker_ network rm $ids >/dev/null
  [ "$ours" = true ] || images_down
}

engine_down() {
  [ "$ours" = true ] || return 0
  end dockerd
  engine_leftovers_down
  netns_down
}

netns_down() { [ ! -e "/run/netns/$netns_name" ] || ip netns del "$netns_name"; }

# After a kill -9 the shims, the containers' processes, their cgroups and the mounts are still there. All are found by this
# folder's own names: container ids in its data, mount points and containerd's address below it.
engine_leftovers_down() {
  local id file pid path
  for path in "$folder"/docker/data/containers/*/; do
    id=$(basename "$path")
    for file in $(grep -ls "/$id" /proc/[0-9]*/cgroup 2>/dev/null); do
      pid=${file#/proc/}
      kill -9 "${pid%/cgroup}" 2>/dev/null || true
    done
  done
  for file in $(grep -lzs "^$folder/docker/exec/" /proc/[0-9]*/cmdline 2>/dev/null); do
    pid=${file#/proc/}
    kill -9 "${pid%/cmdline}" 2>/dev/null || true
  done
  for path in "$folder"/docker/data/containers/*/; do
    find /sys/fs/cgroup -depth -type d -path "*/$(basename "$path")*" -exec rmdir {} + 2>/dev/null || true
  done
  rmdir /sys/fs/cgroup/*/docker /sys/fs/cgroup/docker 2>/dev/null || true # only if empty; made again on demand
  awk -v f="$folder/docker/" 'index($5, f) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r path; do
    umount "$path" 2>/dev/null || umount -l "$path" 2>/dev/null || true
  done
  # The next start would believe a pid file whose process is a zombie.
  rm -f "$folder/docker/dockerd.pid" "$folder/docker/exec/containerd/containerd.pid" "$folder/docker.sock"
}
