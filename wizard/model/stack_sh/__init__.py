"""DevStack's stack.sh: what it is going to do, and how far it is by what it says."""
