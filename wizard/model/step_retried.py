"""The event of a step that is tried again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepRetried:
    """A step failed of something that may pass: it waits, and is tried again."""

    step: str
    attempt: int  # the number of the coming one: 2 is the first repetition
    attempts: int  # at most
    wait: float  # seconds until then
    why: str  # what failed

    @property
    def words(self) -> str:
        """What a person reads."""
        return f"{self.why}; attempt {self.attempt} of {self.attempts} in {self.wait:.0f} s"
