"""Side effects: processes, files, lock, journal, run."""
