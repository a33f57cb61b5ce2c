"""What a log says went wrong: rules as data, matched and ranked."""
