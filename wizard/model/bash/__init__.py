"""Bash text read without running it: words, commands, values, hazards."""
