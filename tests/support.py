"""What several tests share: this host as a Reader, asked through the real engine."""

import os
import pwd

from wizard.engine.environment import scrubbed
from wizard.engine.machine import HostReader
from wizard.engine.process import Launcher


def local_reader(user: str | None = None) -> HostReader:
    """Return this host as seen by whoever runs the tests, the work being for ``user``."""
    name = user or pwd.getpwuid(os.getuid()).pw_name
    launcher = Launcher("/", are_root=os.getuid() == 0, environment=lambda a: scrubbed(a, {}))
    return HostReader(launcher, name)
