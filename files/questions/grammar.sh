# shellcheck shell=bash
# What bash says of the grammar of files below $1; none of them is run. NAME=VALUE and a NUL for
# each of the files $2... that bash cannot read: its name, and bash's words, or "unreadable".

cd "$1" || exit
shift
for name; do
    [[ -f $name ]] || continue
    [[ -r $name ]] || { printf '%s=unreadable\0' "$name"; continue; }
    # a file that turns extglob on for itself reads well only with it
    bash --noprofile --norc -n "$name" 2>/dev/null && continue
    said=$(bash --noprofile --norc -O extglob -n "$name" 2>&1) || printf '%s=%s\0' "$name" "$said"
done
