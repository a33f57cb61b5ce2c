"""From what was asked for and found to a plan."""
