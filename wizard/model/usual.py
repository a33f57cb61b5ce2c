"""Seconds that steps take where no earlier run tells: only how they compare matters."""

SECONDS = {
    "distro-packages": 40.0,
    "venv": 4.0,
    "download": 8.0,
    "pypi-packages": 45.0,
    "bytecode": 25.0,
    "completion": 2.0,
    "stack-pre-install": 240.0,
    "stack-install": 480.0,
    "stack-post-config": 180.0,
    "stack-extra": 300.0,
    "stack-test-config": 20.0,
}
ELSE = 0.5
