"""The links to programs of the venv that stack.sh makes, as it has made them since 2023."""

FOLDER = "/usr/local/bin"
HARD_CODED = "/opt/stack/data/venv"  # whatever DEVSTACK_VENV says
FOLDERS = ("/opt/stack", "/opt/stack/data")  # that it is in; DEST and DATA_DIR mostly
NAMES = (
    "cinder-manage",
    "cinder-rtstool",
    "glance",
    "nova-manage",
    "openstack",
    "privsep-helper",
    "rally",
    "tox",
)
