"""One file per step: is it done already, what would it do, do it."""
