"""Figures to quote, with the commands that produce them; never part of the tests."""
