#!/usr/bin/env bash
# damage.sh BIN [MB]: how long aisled takes to serve again with a damaged database of MB megabytes (400), and how long until
# all that can be read of it is back. One JSON line a kind of damage; exit 1 where it does not come up.
set -euo pipefail
bin=$1
mb=${2:-400}
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
mkdir "$dir/whole" "$dir/campaigns"
"$bin/aislectl" init --data "$dir/whole" >/dev/null
"$bin/fault_driver" --fill "$dir/whole" --mb "$mb" >&2
cat >"$dir/aisle.toml" <<TOML
[store]
id = "s-0001"
data_dir = "$dir/data"
[http]
listen = "127.0.0.1:0"
unix_socket = ""
[uplink]
address = "127.0.0.1:1"
[offers]
campaigns_dir = "$dir/campaigns"
[[door]]
id = "main"
TOML
size=$(stat -c %s "$dir/whole/aisle.db")
# Overwrites whole pages at so many places.
pages() {
    local i
    for i in $(seq 1 "$1"); do
        head -c 8192 /dev/urandom | dd of="$dir/data/aisle.db" bs=2048 seek=$((size / 2048 / ($1 + 1) * i)) conv=notrunc status=none
    done
    # Somebody met one of them: that is what makes the next start look.
    head -c 4096 /dev/urandom | dd of="$dir/data/aisle.db" bs=2048 seek=1 conv=notrunc status=none
}
# User and system seconds of the daemon.
cpu() { awk '{printf "%.2f", ($14 + $15) / 100}' "/proc/$pid/stat"; }
try() { # try NAME COMMAND...
    local name=$1 began serving cpu_serving
    shift
    rm -rf "$dir/data"
    cp -r "$dir/whole" "$dir/data"
    "$@"
    : >"$dir/log"
    began=$(date +%s.%N)
    "$bin/aisled" --config "$dir/aisle.toml" >>"$dir/log" 2>&1 &
    pid=$!
    until grep -q ' ready ' "$dir/log"; do
        kill -0 "$pid" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
        sleep 0.02
    done
    serving=$(date +%s.%N)
    cpu_serving=$(cpu)
    if grep -q '"salvaging":true\|salvaging=true' "$dir/log" || ls "$dir/data"/aisle.db.bad-* >/dev/null 2>&1; then
        local left=6000
        until grep -q salvage_ended "$dir/log" || [ $((left -= 1)) -le 0 ] || ! grep -q 'salvaging=yes' "$dir/log"; do sleep 0.1; done
    fi
    printf '{"damage":"%s","mb":%d,"serving_wall_s":%.2f,"serving_cpu_s":%s,"salvaged_wall_s":%.1f,"salvaged_cpu_s":%s,%s}\n' \
        "$name" $((size >> 20)) "$(echo "$serving - $began" | bc)" "$cpu_serving" \
        "$(echo "$(date +%s.%N) - $began" | bc)" "$(cpu)" \
        "$(grep -o 'rows=[0-9]*' "$dir/log" | tail -n 1 | sed 's/\(.*\)=\(.*\)/"\1":\2/' | grep . || echo '"rows":0')"
    kill -TERM "$pid"
    wait "$pid" || true
    pid=
}
try none true
try pages pages 20
try truncated truncate -s $((size / 2 / 2048 * 2048)) "$dir/data/aisle.db"
try header dd if=/dev/zero of="$dir/data/aisle.db" bs=100 count=1 conv=notrunc status=none
try application_id dd if=/dev/zero of="$dir/data/aisle.db" bs=1 seek=68 count=4 conv=notrunc status=none
