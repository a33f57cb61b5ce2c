"""devstack-venv: puts a Python virtual environment under DevStack."""

__version__ = "0.1.0"
