"""What a host is like: questions that change nothing, answered through a Reader."""
