#!/usr/bin/env bash
# kill.sh BIN SALES KILLS [SEED]: the whole kill test, as `script/bench kill` runs it.
exec "$1/kill_driver" --bin "$1" --sales "$2" --kills "$3" --seed "${4:-$RANDOM}"
