#!/usr/bin/env bash
# Removes what stack.sh has made.
TOP_DIR=$(cd "$(dirname "$0")" && pwd)
"$TOP_DIR/unstack.sh" --all
sudo rm -rf /etc/keystone "$TOP_DIR/.stackenv" "$TOP_DIR/.localrc.auto"
