#!/bin/sh
# build.sh OUTDIR: bundles the page and writes OUTDIR/page_assets.cpp, which defines staff::page_assets().
# Needs node (18 or newer) and npm; downloads the pinned packages once.
set -eu
[ $# -eq 1 ] || { echo "usage: build.sh OUTDIR" >&2; exit 64; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
command -v npm >/dev/null || { echo "staff page: npm is missing, run script/bootstrap" >&2; exit 69; }

cd "$here"
# Two build folders may get here at once and share node_modules.
exec 9<"$here/build.sh"
flock 9
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2
    touch node_modules/.package-lock.json
fi
node build.mjs "$out"
