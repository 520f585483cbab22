#!/usr/bin/env bash
# Docker's Compose plugin, the judge of how Compose files are read: fetches the one of Debian trixie into FOLDER, without touching the system, and prints its path.
#   scripts/compose-plugin.sh [FOLDER]        exit 3: it cannot be had here
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(realpath -m "${1:-$here/../.engines/compose}")
plugin=$folder/docker-compose
[ -x "$plugin" ] && { echo "$plugin"; exit 0; }

# Two test processes may ask at once.
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
[ -x "$plugin" ] && { echo "$plugin"; exit 0; }

sources=/etc/apt/sources.list.d/debian.sources
[ -f "$sources" ] || { echo "compose-plugin: needs Debian with $sources" >&2; exit 3; }
mirror=$(sed -n 's/^URIs: //p' "$sources" | head -1)
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$folder/sources.list"
apt=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$folder/lists"
  -o "Dir::Cache=$folder/cache" -o Dir::State::status=/dev/null)
cd "$folder"
{ apt-get "${apt[@]}" update -qq && apt-get "${apt[@]}" download -qq docker-compose; } >"$folder/apt.log" 2>&1 \
  || { echo "compose-plugin: apt-get could not fetch docker-compose: see $folder/apt.log" >&2; exit 3; }
dpkg -x docker-compose_2*.deb "$folder/tree"
mv "$folder/tree/usr/libexec/docker/cli-plugins/docker-compose" "$plugin"
rm -rf "$folder/tree" "$folder/lists" "$folder/cache" docker-compose_2*.deb
echo "$plugin"
