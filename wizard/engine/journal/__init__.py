"""What a run did, written before it was done, and how to put it back."""
