# shellcheck shell=bash disable=SC2123 # to find nothing is what PATH is for here
# No program can be found but these, which only turn text into other text.
# What is started all the same ends soon (seconds of processor time) and fills no disk (KiB).
PATH=/nonexistent
ulimit -t 5
ulimit -f 256
hash -r

awk() { command -p awk "$@"; }
basename() { command -p basename "$@"; }
cat() { command -p cat "$@"; }
cut() { command -p cut "$@"; }
date() { command -p date "$@"; }
head() { command -p head "$@"; }
sed() { command -p sed "$@"; }
tail() { command -p tail "$@"; }
tr() { command -p tr "$@"; }
uname() { command -p uname "$@"; }

# liberty asks Python for the version of pip, and wants at least 6
python() { echo 9; }

# the DevStacks of 2014 believe in a program when `which` names an executable file
which() {
    case $1 in
        lsb_release | pip*) echo /bin/sh ;;
        *) return 1 ;;
    esac
}

# asked dozens of times, and answered faster without a process
dirname() { [[ $1 == */* ]] && echo "${1%/*}" || echo .; }
grep() {
    if [[ $* == xtrace ]]; then
        echo 'set +o xtrace'
    else
        command -p grep "$@"
    fi
}

command_not_found_handle() { return 127; }
