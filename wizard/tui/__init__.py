"""The wizard: screens that fill in answers, and follow the build made of them."""
