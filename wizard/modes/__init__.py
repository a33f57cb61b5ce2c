"""The modes that ask nothing, one file each: --auto, --plan, --check, --undo, --attach."""

from importlib import import_module

from wizard.arguments import Arguments
from wizard.model.exit_status import ExitStatus
from wizard.modes.rendering import rendering


def start(given: Arguments) -> ExitStatus:
    """Do what the mode asks for; the modules are named as the options are."""
    module = import_module(f"wizard.modes.{given.mode}")
    with rendering(given.output, given.root) as renderer:
        status: ExitStatus = module.run(given, renderer)
        return status
