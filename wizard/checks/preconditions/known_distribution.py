"""Is this a distribution that this program and the DevStack at hand know?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts.distribution import detect, known_to_devstack, supported
from wizard.model.check import Code, Result
from wizard.model.distribution import Distribution
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Reader
from wizard.model.problem import Problem


@dataclass(frozen=True, slots=True)
class KnownDistribution:
    """``supported`` is the checkout's list of tested distributions; None where there is none."""

    like: str = ""
    devstack_name: str = ""
    supported: tuple[str, ...] | None = None

    id: ClassVar[str] = "distribution"
    title: ClassVar[str] = "distribution known"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Unknown stops the build; known but not tested stops only stack.sh."""
        found = detect(host, self.like, self.devstack_name)
        if isinstance(found, Problem):
            return Result(Code.FAILURE, found.what, found.cure)
        if not known_to_devstack(found):
            return Result(
                Code.WARNING,
                f"{found.title} is treated as {found.devstack_name};"
                " DevStack does not know it and will stop",
                "Run stack.sh on the distribution that this one is made from.",
            )
        if self.supported and not supported(found.devstack_name, self.supported):
            return self._untested(found)
        return Result(Code.SUCCESS, f"{found.title}, {found.devstack_name} for DevStack")

    def _untested(self, found: Distribution) -> Result:
        return Result(
            Code.WARNING,
            f"this DevStack is not tested on {found.devstack_name} and will stop",
            "Take another release of DevStack, or FORCE=yes: in local.conf, or before ./stack.sh",
            (f"SUPPORTED_DISTROS: {', '.join(self.supported or ())}",),
        )
