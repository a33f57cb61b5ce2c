# shellcheck shell=bash
# Has a script of questions run in a temporary folder that looks like the checkout, so that what
# DevStack writes while it reads its settings lands there; says what the script wrote in answers.
#
#   $1 the script   $2 seconds   $3 local.conf   $4 the checkout, or ""   then what is asked for
# Standard input: without a checkout, the localrc section.

script=$1 seconds=$2 local_conf=$3 checkout=$4
shift 4
umask 077
for memory_first in /dev/shm /tmp; do
    sandbox=$(mktemp -d "$memory_first/devstack-venv.XXXXXXXX" 2>/dev/null) && break
done
[[ -n $sandbox ]] || exit
trap 'rm -rf -- "$sandbox"' EXIT

if [[ -n $checkout ]]; then
    cd "$checkout" && ln -s -- "$checkout"/* "$sandbox" || exit
    [[ ! -e .localrc.password ]] || ln -s -- "$checkout/.localrc.password" "$sandbox"
    ln -sf -- "$local_conf" "$sandbox/local.conf"
else
    cat >"$sandbox/.localrc.auto"
fi

cd "$sandbox" || exit
ulimit -f 16384 # KiB: what complains for ever fills no memory
ulimit -t 20    # seconds: what is left running ends
timeout --signal=KILL "$seconds" bash --noprofile --norc -c "$script" settings "$checkout" "$@" \
    </dev/null >/dev/null 2>complaints
status=$?
tail -n 1 complaints >&2
[[ ! -e answers ]] || head -c 1000000 answers
exit "$status"
