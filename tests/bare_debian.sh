#!/usr/bin/env bash
# The two commands of the README, as an ordinary user of a bare Debian 12 that has python3 and pip.
# Needs root, git and debootstrap, and a network for the first start; takes a few minutes.
# Usage: tests/bare_debian.sh [-k WORDS or other arguments for `bot.py test`]
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
tree=$(mktemp -d)
serving=""

finish() {
  [ -z "$serving" ] || kill -- "-$serving" 2>/dev/null || true
  ! mountpoint -q "$tree/proc" || umount "$tree/proc"
  rm -rf "$tree"
}
trap finish EXIT

as_warga() {
  chroot --userspec=warga:warga "$tree" env -i PATH=/usr/bin:/bin HOME=/home/warga \
    sh -c "cd ~/chika && exec env $*"
}

# Certificates and pip settings are the machine's, not the project's: they come along.
furnish() {
  debootstrap --variant=minbase --include=python3,python3-pip bookworm "$tree" >/dev/null
  chmod 755 "$tree"
  mount -t proc proc "$tree/proc"
  cp /etc/resolv.conf "$tree/etc/"
  [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$tree/etc/"
  mkdir -p "$tree/etc/ssl/certs"
  [ ! -f /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/"
  chroot "$tree" useradd --create-home warga
  git clone --quiet "$project" "$tree/home/warga/chika"
  chroot "$tree" chown -R warga /home/warga/chika
}

# Start the product on a port that is free, and wait until the chat page answers.
serves() {
  local port tries=0
  port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  set -m
  as_warga "CHIKA_WEB_PORT=$port $1 python3 bot.py" &
  serving=$!
  set +m
  until page_answers "$port"; do
    kill -0 "$serving" || { echo "it ended before it served"; exit 1; }
    ((++tries < 600)) || { echo "no answer"; exit 1; }
    sleep 0.3
  done
  kill -- "-$serving"
  wait "$serving" || true
  serving=""
}

page_answers() {
  python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$1/chat', timeout=5)" 2>/dev/null
}

furnish
serves ""
echo "python3 bot.py: serves after a first start"
as_warga "python3 bot.py test $*"
echo "python3 bot.py test: passed"
serves "PIP_NO_INDEX=1 PIP_INDEX_URL=http://127.0.0.1:1/"
echo "python3 bot.py: serves again without an index"
