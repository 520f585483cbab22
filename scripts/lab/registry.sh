# Debian's docker-registry, plain HTTP, under one reference from everywhere: Docker lets 127.0.0.0/8 be plain.
#   own namespace:    listens on every address of that namespace, so that the servers' gateway answers too
#   host's namespace: two listeners, 127.77.0.2 and the gateway, over the same files
# Ours, not another lab's that took the address first.
registry_answers() { [[ $(inside curl -sfI -m 5 "http://$registry/v2/" 2>/dev/null) == *"X-Sam-Lab: $lab"* ]]; }

registry_up() {
  mkdir -p "$folder/registry"
  if [ "$ours" = true ]; then
    registry_listen registry 0.0.0.0:5000
  else
    registry_listen registry "$registry"
    registry_listen registry-gateway "$gateway:5000"
  fi
  until_true 20 "the registry does not answer" registry_answers
}

registry_listen() {
  alive "$1" && return 0
  # The header says whose registry answers: a second lab's forwarder must not take this one for its own.
  cat >"$folder/$1.yml" <<Y
version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $folder/registry }, delete: { enabled: true } }
http: { addr: "$2", secret: $lab, headers: { X-Sam-Lab: [$lab] } }
Y
  local enter=()
  [ -z "$netns" ] || enter=(nsenter --net="$netns")
  spawn "$1" "${enter[@]}" docker-registry serve "$folder/$1.yml"
}

registry_down() { end registry; end registry-gateway; }
