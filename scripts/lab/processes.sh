# Long-lived processes of the lab: started detached, remembered as "pid starttime", ended by exactly that pair.

# A killed daemon stays a zombie until PID 1 reaps it, and a pid may be used again: only a living process with the same start counts.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  set -- $stat
  [ "$1" != Z ] && [ "$1" != X ] && printf %s "${20}"
}

pid_of() { local pid started; read -r pid started <"$folder/pids/$1" 2>/dev/null && printf %s "$pid"; }

alive() {
  local pid started
  read -r pid started 2>/dev/null <"$folder/pids/$1" || return 1
  [ "$(start_time "$pid")" = "$started" ]
}

# spawn NAME COMMAND...: the lock's descriptor is closed in it, or the daemon would hold the lock for ever.
spawn() {
  local name=$1; shift
  mkdir -p "$folder/pids" "$folder/logs"
  setsid "$@" >>"$folder/logs/$name.log" 2>&1 </dev/null 9>&- &
  local pid=$!
  disown "$pid"
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$folder/pids/$name"
}

# end NAME: TERM, then KILL after 15 s.
end() {
  local name=$1 pid waited=0
  [ -f "$folder/pids/$name" ] || return 0
  if alive "$name"; then
    pid=$(pid_of "$name")
    kill "$pid" 2>/dev/null || true
    while alive "$name"; do
      sleep 0.05
      waited=$((waited + 1))
      [ $waited -eq 300 ] && { say "$name did not end, killing $pid"; kill -9 "$pid" 2>/dev/null || true; }
    done
  fi
  rm -f "$folder/pids/$name"
}

# until_true SECONDS WHAT COMMAND...
until_true() {
  local tries=$(($1 * 20)) what=$2; shift 2
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { say "$what; see $folder/logs"; exit 1; }
    sleep 0.05
  done
}
