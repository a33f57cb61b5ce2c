"""Lists of distro packages and of PyPI requirements."""
