# Sourced by script/demo and the end-to-end tests: programs that are kept alive as systemd would keep them.
# Needs $dir (with logs/ and pids/). Every loop and wait here is bounded by the caller's life.

PATH=$PATH:/usr/sbin  # where Debian puts mosquitto

free_port() {  # free_port PREFERRED: a loopback port that nobody listens on
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((20000 + RANDOM % 20000)); done
    echo "$port"
}

# keep NAME COMMAND...: runs it in the background, its pid in pids/NAME, its output in logs/NAME.log, and starts it again when it
# dies. It ends when it exits with 0, when it says that its settings are bad (64, 78), or when pids/NAME.stop is there.
keep() {
    local name=$1
    shift
    (
        local child=0
        trap 'kill -TERM "$child" 2>/dev/null' TERM
        while [ ! -e "$dir/pids/$name.stop" ]; do
            "$@" >>"$dir/logs/$name.log" 2>&1 &
            child=$!
            echo "$child" >"$dir/pids/$name.new" && mv "$dir/pids/$name.new" "$dir/pids/$name"
            local code=0
            wait "$child" || code=$?
            case $code in 0 | 64 | 78) echo "$code" >"$dir/pids/$name.ended"; break ;; esac
            [ -e "$dir/pids/$name.stop" ] || sleep 0.3
        done
    ) &
}

# end NAME: asks it to stop and waits up to five seconds, then kills it.
end() {
    local name=$1 pid
    : >"$dir/pids/$name.stop"
    pid=$(cat "$dir/pids/$name" 2>/dev/null) || return 0
    kill -TERM "$pid" 2>/dev/null || return 0
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
}

wait_for() {  # wait_for SECONDS COMMAND...: until it succeeds
    local left=$(($1 * 5))
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.2
    done
}
