# shellcheck shell=sh
# Sourced by scripts that have set "root" to the folder of the clone. An environment that is
# ready costs a few milliseconds here; anything else is left to environment.py.
: "${root:?}"

# use_environment NAME LOCK: sets "python" to the interpreter of an environment called NAME that
# holds what the file LOCK says.
use_environment() {
    digest=$(sha256sum <"$root/$2")
    for venv in "$root/$1" "${XDG_CACHE_HOME:-${HOME:-}/.cache}/devstack-venv$root/$1"; do
        if is_ready "$venv" "${digest%% *}"; then
            python=$venv/bin/python
            ! is_doubtful "$venv" || must_start "$python"
            return
        fi
    done
    find_python || install_python
    python=$("$python" -I "$root/tools/environment.py" "$root" "$1" "$2")/bin/python
}

# is_ready VENV DIGEST: the last thing that environment.py writes is the digest of the lock file;
# bin/python is a dangling link when the Python that made the environment is gone.
is_ready() {
    [ -x "$1/bin/python" ] && [ -r "$1/.devstack-venv" ] &&
        read -r stamp <"$1/.devstack-venv" && [ "$stamp" = "$2" ]
}

# is_doubtful VENV: its Python worked when it was made; to ask again at each start takes too long.
is_doubtful() {
    for file in "$1/bin/python" /usr/lib*/python3*/sitecustomize.py \
        /usr/local/lib/python3*/sitecustomize.py; do
        # shellcheck disable=SC3013 # every sh that we meet has -nt
        [ "$file" -nt "$1/.devstack-venv" ] && return
    done
    return 1
}

# find_python: sets "python" to one that is new enough and complete (python3-minimal is not);
# ensurepip may be missing, as Debian has it, but is welcome.
find_python() {
    for modules in sys,shutil,venv,ensurepip sys,shutil,venv; do
        for python in python3 python3.14 python3.13 python3.12 python3.11; do
            if "$python" -I -c "import $modules; sys.exit(sys.version_info < (3, 11))"; then
                return
            fi
        done
    done 2>/dev/null
    return 1
}

# must_start PYTHON: one that a sitecustomize.py or the like ends before it has begun fills a page
# with words of its own; what ends it is in the last file that it names.
must_start() {
    said=$("$1" -I -c '' 2>&1 </dev/null) && return
    at=
    while read -r line; do
        case $line in 'File "/'*) at=${line%,*} ;; esac
    done <<END
$said
END
    [ -n "$at" ] || return 0
    echo "$1 ends as soon as it starts: $at. Mend or remove that file." >&2
    exit 4
}

# install_python: RHEL's own python3 is too old for us, but python3.12 is one command away; it is
# installed if that needs no password. On any other host the person gets the command.
install_python() {
    must_start python3
    found=$(python3 -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) ||
        found=none
    needed="A complete Python 3.11 or newer is needed (here: $found)"
    as_root=sudo
    [ "$(id -u)" -ne 0 ] || as_root=
    case $(distribution) in
    *" rhel "* | *" centos "* | *" fedora "*)
        cure='dnf install python3.12'
        echo "Installing python3.12 with dnf. $needed." >&2
        if ${as_root:+sudo -n} dnf install -y python3.12 </dev/null >&2 && find_python; then
            return
        fi
        ;;
    *" suse "*) cure='zypper install python312' ;;
    *" debian "* | *" ubuntu "*)
        cure='apt-get install python3'
        case $found in 3.?.* | 3.10.*) cure='apt-get install python3.11' ;; esac
        ;;
    *)
        echo "$needed: install it, or put it on PATH." >&2
        exit 4
        ;;
    esac
    echo "$needed. Run: ${as_root:+sudo }$cure" >&2
    exit 4
}

# distribution: prints what os-release says this is and is like, between blanks.
distribution() {
    # shellcheck disable=SC1091 # read on the host
    (. /etc/os-release 2>/dev/null && echo " ${ID-} ${ID_LIKE-} ")
}
