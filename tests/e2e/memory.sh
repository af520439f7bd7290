#!/usr/bin/env bash
# memory.sh BIN: what aisled holds in memory after ten seconds, without a camera, with one and with a net.
# One JSON line each; no threshold: camera_driver has those.
set -euo pipefail
bin=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
"$bin/aislectl" init --data "$dir" >/dev/null

measure() { # measure NAME
    "$bin/aisled" --config "$dir/aisle.toml" >"$dir/log" 2>&1 &
    pid=$!
    sleep 10
    awk -v name="$1" '/^(VmRSS|RssAnon)/ {kb[$1] = $2}
        END {printf "{\"case\":\"%s\",\"rss_mb\":%.1f,\"rss_anon_mb\":%.1f}\n", name, kb["VmRSS:"] / 1024, kb["RssAnon:"] / 1024}' \
        "/proc/$pid/status"
    kill -TERM "$pid"
    wait "$pid" || true
    pid=
}
cat >"$dir/aisle.toml" <<TOML
[store]
id = "s-0001"
data_dir = "$dir"
[http]
listen = "127.0.0.1:0"
unix_socket = ""
[uplink]
address = "127.0.0.1:1"
[offers]
campaigns_dir = "$root/config/campaigns"
[[door]]
id = "main"
TOML
measure "aisled without a camera"
[ -s "$root/build/data/vtest.avi" ] || exit 0
cat >>"$dir/aisle.toml" <<TOML
[[video]]
source = "camera"
url = "$root/build/data/vtest.avi"
scene = "$root/config/demo/street.toml"
loop = true
[video.doors]
street = "main"
TOML
measure "aisled with a camera"
model=$root/../shared/data/footfall/yolox_nano.onnx
[ -s "$model" ] || exit 0
sed -i "s|^loop = true|loop = true\ndetector = \"onnx\"\nmodel = \"$model\"|" "$dir/aisle.toml"
measure "aisled with a camera and a net"
