"""One run at a time for each venv and each local.conf."""
