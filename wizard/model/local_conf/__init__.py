"""local.conf: cut into sections as DevStack does, edited without loss."""
