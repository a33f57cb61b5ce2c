"""Files and folders changed so that they are old or new at every instant."""
