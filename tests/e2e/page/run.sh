#!/bin/sh
# run.sh PAGE_SHOP_BINARY: the staff page in Debian's Chromium. 0 passed, 1 failed, 77 skipped (no node or no Chromium).
set -u
[ $# -eq 1 ] || { echo "usage: run.sh PAGE_SHOP_BINARY" >&2; exit 64; }
binary=$(realpath "$1")
cd "$(dirname "$0")" || exit 1
command -v node >/dev/null && command -v npm >/dev/null || { echo "page test skipped: no node"; exit 77; }
[ -x "${AISLE_CHROMIUM:-/usr/bin/chromium}" ] || { echo "page test skipped: no chromium"; exit 77; }

exec 9<"./run.sh"
flock 9
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2 || exit 1
    touch node_modules/.package-lock.json
fi
PAGE_SHOP=$binary node page_test.mjs || exit 1
PAGE_SHOP=$binary node campaigns_test.mjs || exit 1
