"""One file per check: what is so, by behaviour; a check changes nothing."""
