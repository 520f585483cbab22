# Images made from Debian's packages (nothing can be pulled where CI runs), pushed to the registry unless it has them.
images_up() {
  local began=$SECONDS key
  key=$(sha256sum "$here/lab/images.sh" | cut -c1-16)
  [ "$(cat "$folder/registry/images.key" 2>/dev/null)" = "$key" ] && images_present && return 0
  image sam/busybox:1 busybox_content 'CMD ["sh"]'
  image sam/caddy:2.6 caddy_content 'ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config' 'CMD ["caddy","run"]'
  local n text
  for n in 1 2; do
    text="Hello from SAM demo $n"
    image demo/web:$n site_content 'CMD ["/bin/serve"]' 'EXPOSE 8080' "$health"
  done
  # The same greeting from a server that holds hundreds of requests a second: for the bench.
  for n in 1 2 3; do
    image demo/site:$n "$([ $n = 3 ] && echo ballast_content || echo caddy_content)" 'ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config' 'EXPOSE 8080' \
      "CMD [\"caddy\",\"respond\",\"--listen\",\":8080\",\"Hello from SAM demo $n\"]" \
      'HEALTHCHECK --interval=1s --timeout=2s --retries=3 CMD ["wget","-q","-O-","http://127.0.0.1:8080/"]'
  done
  text='{"service":"demo-api","version":1}'
  image demo/api:1 site_content 'CMD ["/bin/serve"]' 'EXPOSE 8080' "$health"
  # Starts, stays up, never healthy: whichever way its health is asked, no port answers.
  image demo/web:bad bad_content 'CMD ["/bin/serve"]' 'EXPOSE 8080' \
    'HEALTHCHECK --interval=1s --timeout=2s --retries=3 CMD ["false"]'
  echo "$key" >"$folder/registry/images.key"
  say "images built and pushed in $((SECONDS - began)) s"
}

health='HEALTHCHECK --interval=2s --timeout=2s --retries=3 CMD ["wget","-q","-O-","http://127.0.0.1:8080/health"]'
image_names="sam/busybox:1 sam/caddy:2.6 demo/web:1 demo/web:2 demo/web:bad demo/api:1 demo/site:1 demo/site:2 demo/site:3"

images_present() {
  local name
  for name in $image_names; do
    inside curl -sfI -m 5 -o /dev/null -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' \
      "http://$registry/v2/${name%:*}/manifests/${name#*:}" || return 1
  done
}

# From a foreign engine only what this lab put there: another lab may use the same engine.
images_down() {
  local name
  if [ -f "$folder/registry/images.key" ]; then
    for name in $image_names; do docker_ image rm "$registry/$name" >/dev/null 2>&1 || true; done
  fi
  docker_ image rm "$vm_image" >/dev/null 2>&1 || true
  # Without force: it stays while another lab's server image is made of it.
  for name in $(docker_ image ls -q sam-vm-base); do docker_ image rm "$name" >/dev/null 2>&1 || true; done
}

# image NAME CONTENT CHANGE...: CONTENT fills a root folder that has busybox and its commands.
image() {
  local name=$registry/$1 content=$2 root change changes=(-c 'ENV PATH=/usr/bin:/bin'); shift 2
  for change in "$@"; do changes+=(-c "$change"); done
  root=$(mktemp -d "$folder/image.XXXXXX")
  (
    umask 022
    chmod 755 "$root"
    busybox_content "$root"
    [ "$content" = busybox_content ] || "$content" "$root"
  )
  tar -C "$root" --owner=0 --group=0 -c . | docker_ import "${changes[@]}" - "$name" >/dev/null
  rm -r "$root"
  docker_ push -q "$name" >/dev/null
}

busybox_content() {
  local applet
  mkdir -p "$1"/{bin,etc,root}
  mkdir -m 1777 "$1/tmp"
  cp "$(command -v busybox)" "$1/bin/busybox"
  for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"; done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
}

caddy_content() {
  local library
  mkdir -p "$1"/{usr/bin,etc/caddy,etc/ssl/certs,data,config}
  cp "$(command -v caddy)" "$1/usr/bin/caddy"
  for library in $(ldd "$(command -v caddy)" | grep -o '/[^ ]*'); do
    mkdir -p "$1$(dirname "$library")"
    cp -L "$library" "$1$library"
  done
  cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
}

# With 40 MB that no other image has: for the bench of a pull.
ballast_content() { caddy_content "$1"; head -c 40000000 /dev/urandom >"$1/ballast"; }

# A static page on 8080 and /health. As PID 1 busybox httpd ignores SIGTERM, so a shell takes the signal and ends at once.
site_content() {
  mkdir -p "$1/www/cgi-bin"
  echo "$text" >"$1/www/index.html"
  echo ok >"$1/www/health"
  printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n"\necho "host=$HOSTNAME"\necho "greeting=$GREETING"\n' >"$1/www/cgi-bin/info"
  serve "$1" 'httpd -f -p 8080 -h /www &'
  chmod 755 "$1/www/cgi-bin/info"
}

bad_content() { serve "$1" 'echo "this release never turns healthy" >&2; sleep 2147483647 &'; }

serve() {
  printf '#!/bin/sh\ntrap '\''kill $!; exit 0'\'' TERM INT\nexport HOSTNAME=$(hostname)\n%s\nwait $!\n' "$2" >"$1/bin/serve"
  chmod 755 "$1/bin/serve"
}
