#!/bin/sh
# replay_day.sh REPLAY_DRIVER: two days in a folder of their own, which goes afterwards.
set -u
[ $# -eq 1 ] || { echo "usage: replay_day.sh REPLAY_DRIVER" >&2; exit 64; }
dir=$(mktemp -d)
trap 'rm -rf "$dir" "$dir"-*' EXIT
"$1" --dir "$dir/shop" --days 2 --every 240 --restarts 1 --seed 7
