# Has a script of questions run in a temporary folder that looks like the checkout, so that what
# DevStack writes while it reads its settings lands there; says what the script wrote in answers.
#
#   $1 the script   $2 local.conf   $3 the checkout, or ""   then the names asked for
# Standard input: without a checkout, the localrc section.

script=$1 local_conf=$2 checkout=$3
shift 3
umask 077
sandbox=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d -p /tmp) || exit
trap 'rm -rf -- "$sandbox"' EXIT

if [[ -n $checkout ]]; then
    cd "$checkout" && ln -s -- "$checkout"/* "$sandbox" || exit
    [[ ! -e .localrc.password ]] || ln -s -- "$checkout/.localrc.password" "$sandbox"
    ln -sf -- "$local_conf" "$sandbox/local.conf"
else
    cat >"$sandbox/.localrc.auto"
fi

cd "$sandbox" || exit
timeout --signal=KILL 10 bash --noprofile --norc -c "$script" settings "$checkout" "$@" \
    </dev/null >/dev/null 2>complaints
status=$?
tail -n 1 complaints >&2
[[ ! -e answers ]] || head -c 1000000 answers
exit "$status"
