# shellcheck shell=bash
# Notes, before each command, which line of the localrc section bash is at: _ours_line=N, counted
# from the section's end (1: its last line), and _ours_inside=no once bash has left the section.
# Runs before settings.sh, in the same bash; numbers alone are kept, nothing of what the lines say.

_ours_noted=$PWD/answers
_ours_at=none
_ours_lines=()

_ours_note() {
    [[ $1 != "$_ours_at" ]] || return 0
    _ours_at=$1
    if [[ $1 == out ]]; then
        builtin printf '_ours_inside=no\0' >>"$_ours_noted"
    else
        builtin printf '_ours_line=%s\0_ours_inside=yes\0' \
            "$((${#_ours_lines[@]} + 1 - $1))" >>"$_ours_noted"
    fi
}

# The section is read by a source command, at whatever depth the command is that runs now; its
# lines are counted from the end because newer releases put a remark of theirs above the first.
_ours_where() {
    local _ours_i
    for ((_ours_i = ${#FUNCNAME[@]} - 1; _ours_i > 0; _ours_i--)); do
        if [[ ${FUNCNAME[_ours_i]} == source && ${BASH_SOURCE[_ours_i]} == */.localrc.auto ]]; then
            [[ $_ours_at != none ]] || builtin mapfile -t _ours_lines <"${BASH_SOURCE[_ours_i]}"
            _ours_note "${BASH_LINENO[_ours_i - 1]}"
            return 0
        fi
    done
    [[ $_ours_at == none ]] || _ours_note out
}

set -o functrace
trap _ours_where DEBUG
