"""Events as text for people, or as JSON Lines for scripts. No Textual, no rich."""
