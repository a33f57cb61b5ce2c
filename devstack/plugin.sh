# shellcheck shell=bash
# stack.sh sources this file in each of its phases. The work is done by override-defaults, before
# them all; when everything runs, the checks say whether it runs in the environment. unstack.sh and
# clean.sh leave the environment alone: wizard.sh --undo removes it.

if [[ "$1 ${2:-}" == "stack test-config" ]]; then
    "$VENV_BUILDER" --check --devstack "$TOP_DIR" --venv-path "$VENV_PATH" </dev/null || true
fi
