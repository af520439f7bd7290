#!/usr/bin/env bash
# forbidden_include.sh COMPILER ROOTS: the layering holds by construction. With the include roots that an engine has, another engine
# and the store cannot be included; what it may use can.
set -u
cd /  # a source on stdin looks for "..." where it stands
compiler=$1 roots=$2
offers="-I$roots/offers -I$roots/conditions -I$roots/core"
tried() { # tried ROOTS INCLUDE: the compiler's words
    # shellcheck disable=SC2086
    printf '#include "%s"\n' "$2" | "$compiler" -std=c++20 -fsyntax-only $1 -x c++ - 2>&1
}
fail() { echo "forbidden_include: $1" >&2; exit 1; }

tried "$offers" agent/core/money.hpp >/dev/null || fail "an allowed include does not compile"
tried "$offers" agent/conditions/facts.hpp >/dev/null || fail "an allowed include does not compile"
for other in agent/store/store.hpp agent/footfall/footfall.hpp agent/runtime/executor.hpp sync/wire/batch.hpp; do
    [ -e "$roots/../../$other" ] || fail "$other is not there: the test has lost its teeth"
    words=$(tried "$offers" "$other") && fail "offers can include $other"
    grep -q "No such file or directory" <<<"$words" || fail "offers cannot include $other, but for another reason: $words"
done
words=$(tried "-I$roots/pos -I$roots/core -I$roots/runtime -I$roots/records" agent/store/store.hpp) && fail "drivers see the store"
grep -q "No such file or directory" <<<"$words" || fail "drivers cannot see the store, but for another reason: $words"
echo "forbidden includes do not compile"
