#!/usr/bin/env bash
# programs.sh BIN: the programs as a new user meets them: help, wrong arguments, bad settings, no network, stop and reload.
set -u
bin=$1
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
fail() { echo "programs: $1" >&2; [ -f "$dir/log" ] && tail -n 20 "$dir/log" >&2; exit 1; }
expect() { # expect CODE COMMAND...
    local wanted=$1 code=0
    shift
    "$@" >"$dir/out" 2>"$dir/err" || code=$?
    [ "$code" = "$wanted" ] || fail "\`$*\` exits with $code instead of $wanted: $(cat "$dir/err")"
}
poll() { # poll TENTHS COMMAND...
    local left=$1
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

for program in aisled aisle-hq aisle-sim aislectl; do
    expect 0 "$bin/$program" --help
    expect 0 "$bin/$program" --version
    expect 64 "$bin/$program" --no-such-option
done
expect 64 "$bin/aislectl"
expect 64 "$bin/aislectl" pos
expect 66 "$bin/aislectl" pos read "$dir/absent.xml"
expect 69 "$bin/aislectl" status --socket "$dir/absent.sock"
expect 78 "$bin/aisled" --config "$dir/absent.toml"

# Settings: every fault with its place and the nearest key.
cat >"$dir/bad.toml" <<TOML
[store]
id = "s-0001"
zonne = "Asia/Shanghai"
TOML
expect 78 "$bin/aisled" --config "$dir/bad.toml" --check-config
grep -q "bad.toml:3:1: unknown key 'store.zonne' (did you mean 'zone'?)" "$dir/err" || fail "the fault is not named: $(cat "$dir/err")"

# No broker, no camera that answers, no network: READY all the same, and no keys is a settings error.
mkdir "$dir/data" "$dir/campaigns"
settings() { # settings HTTP_LISTEN
    cat <<TOML
[store]
id = "s-0001"
data_dir = "$dir/data"
[http]
listen = "$1"
unix_socket = "$dir/aisled.sock"
[uplink]
address = "127.0.0.1:1"
[offers]
campaigns_dir = "$dir/campaigns"
[[door]]
id = "main"
[[video]]
source = "camera"
url = "rtsp://127.0.0.1:1/none"
scene = "$dir/scene.toml"
TOML
}
printf '[[line]]\nname = "main"\npoints = [[10, 0], [10, 100]]\n' >"$dir/scene.toml"
settings 127.0.0.1:0 >"$dir/aisle.toml"
expect 78 "$bin/aisled" --config "$dir/aisle.toml"
grep -q "aislectl init" "$dir/err" || fail "nobody says how keys are made"
expect 0 "$bin/aislectl" init --data "$dir/data"
expect 77 "$bin/aislectl" init --data "$dir/data"
[ "$(stat -c %a "$dir/data/keys/store.key")" = 600 ] || fail "the key is not private"

"$bin/aisled" --config "$dir/aisle.toml" >>"$dir/log" 2>&1 &
pid=$!
poll 30 grep -q ' ready ' "$dir/log" || fail "not READY within 3 s without network, broker and camera"
expect 0 "$bin/aislectl" status --socket "$dir/aisled.sock"
grep -q '"ready":true' "$dir/out" || fail "status does not say ready: $(cat "$dir/out")"
expect 0 "$bin/aislectl" --pretty status --socket "$dir/aisled.sock"
expect 0 "$bin/aislectl" outbox --data "$dir/data"
expect 69 "$bin/aisled" --config "$dir/aisle.toml"

# Reload: a faulty campaign keeps the old set, a good one is taken.
echo '{"id":' >"$dir/campaigns/one.json"
kill -HUP "$pid"
poll 50 grep -q reload_refused "$dir/log" || fail "a faulty campaign is not refused"
rm "$dir/campaigns/one.json"
kill -HUP "$pid"
poll 50 grep -q ' reloaded ' "$dir/log" || fail "good settings are not taken"

# Stop: within two seconds, and nothing is left locked.
kill -TERM "$pid"
poll 25 sh -c "! kill -0 $pid 2>/dev/null" || fail "not stopped within 2.5 s"
wait "$pid" || fail "a clean stop exits with $?"
pid=
expect 0 "$bin/aislectl" journal export --data "$dir/data"
echo "programs behave"
