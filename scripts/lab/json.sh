# What the C# side and the other scripts need to know, in one file; written last, so that it means "up".
write_json() {
  cat >"$folder/engines.json.new" <<J
{
  "lab": "$lab",
  "folder": "$folder",
  "ownEngine": $ours,
  "dockerHost": "$docker_host",
  "netns": "$netns",
  "network": "$network",
  "subnet": "$subnet",
  "gateway": "$gateway",
  "registry": "$registry",
  "serverImage": "$vm_image",
  "images": {
    "busybox": "$registry/sam/busybox:1",
    "caddy": "$registry/sam/caddy:2.6",
    "api1": "$registry/demo/api:1",
    "web1": "$registry/demo/web:1",
    "web2": "$registry/demo/web:2",
    "webBad": "$registry/demo/web:bad"
  },
  "pids": {"dockerd": $(pid_of dockerd || echo 0), "registry": $(pid_of registry || echo 0)}
}
J
  mv "$folder/engines.json.new" "$folder/engines.json"
}
