"""What the user says, in whatever place, and the settings that come of it."""
