#!/bin/sh
# Starts the native fcpfast of the highest level that this processor has: fcpfast-x86-64-v4, -v3, -v2 or fcpfast-arm64, beside this file.
# FCPFAST_LEVEL names another one. With --level-of-this-machine it only says which level that is.
set -eu
here=$(dirname "$(readlink -f "$0")")

has() {
    for flag in "$@"; do
        case " $flags " in *" $flag "*) ;; *) return 1 ;; esac
    done
}

case "$(uname -m)" in
aarch64 | arm64) level=arm64 ;;
*)
    flags=$(sed -n '/^flags/{s/^[^:]*: *//p;q;}' /proc/cpuinfo)
    if has avx512f avx512bw avx512cd avx512dq avx512vl avx2 bmi1 bmi2 fma movbe; then level=x86-64-v4
    elif has avx2 bmi1 bmi2 fma movbe f16c abm; then level=x86-64-v3
    else level=x86-64-v2; fi
    ;;
esac
if [ "${1-}" = --level-of-this-machine ]; then
    echo "$level"
    exit 0
fi
wanted=${FCPFAST_LEVEL-$level}
level=$wanted
# A build of fewer levels: the next lower one runs too, only with narrower vectors.
while [ ! -x "$here/fcpfast-$level" ]; do
    case "$level" in
    x86-64-v4) level=x86-64-v3 ;;
    x86-64-v3) level=x86-64-v2 ;;
    *)
        echo "fcpfast: no program for $wanted or less lies in $here" >&2
        echo "Remedy: ./build.sh aot $wanted builds it; ./build.sh fcpfast runs with the .NET runtime." >&2
        exit 3
        ;;
    esac
done
exec "$here/fcpfast-$level" "$@"
