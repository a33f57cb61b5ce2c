"""A list of packages and what a person changed of it; every change gives a new value.

The changes are kept as the answers keep them, additions and removals, so they survive when the
shipped list changes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from wizard.model.settings.answers import PackageAnswers


class Change(StrEnum):
    """How a row differs from the shipped list."""

    NONE = ""
    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Listed:
    """A package of the shipped list; ``usual``: installed unless somebody removes it."""

    key: str
    text: str
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A package as it is now."""

    key: str
    text: str
    used: bool
    change: Change = Change.NONE


@dataclass(frozen=True, slots=True)
class PackageEdit:
    """The list, the changes, and how a text says which package it is about."""

    listed: tuple[Listed, ...]
    said: PackageAnswers
    key_of: Callable[[str], str]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All packages: the list's own in its order, then what was added."""
        added = {self.key_of(text): text for text in self.said.add}
        known = {item.key for item in self.listed}
        own = tuple(self._line(item, added) for item in self.listed)
        others = (
            Line(key, text, used=True, change=Change.ADDED)
            for key, text in added.items()
            if key not in known
        )
        return (*own, *others)

    def line(self, key: str) -> Line | None:
        """Return one package."""
        return next((line for line in self.lines if line.key == key), None)

    def toggled(self, key: str) -> "PackageEdit":
        """Use it if it is not used, and the other way round."""
        line = self.line(key)
        if line is None:
            return self
        return self.without(key) if line.used else self._with_again(key)

    def without(self, key: str) -> "PackageEdit":
        """Do not use it."""
        usual = any(item.key == key and item.usual for item in self.listed)
        remove = self._removed(key) if usual else self.said.remove
        return self._saying(tuple(self._added_but(key)), remove)

    def having(self, text: str, instead_of: str = "") -> "PackageEdit":
        """Use this, in place of another one or of another version of it."""
        key = self.key_of(text)
        item = next((item for item in self.listed if item.key == key), None)
        base = self.without(instead_of) if instead_of and instead_of != key else self
        add = tuple(base._added_but(key))  # noqa: SLF001 -- another value of this class
        remove = tuple(name for name in base.said.remove if name != key)
        if item is not None and item.usual and item.text == text:
            return self._saying(add, remove)
        if item is not None and item.usual and item.text != text:
            remove = (*remove, key)  # the list's own line must go, or both would hold
        return self._saying((*add, text), remove)

    def reset(self) -> "PackageEdit":
        """Return to the list as shipped."""
        return self._saying((), ())

    def _line(self, item: Listed, added: dict[str, str]) -> Line:
        if item.key in added:
            text = added[item.key]
            change = Change.EDITED if item.usual else Change.ADDED
            return Line(item.key, text, used=True, change=change)
        removed = item.usual and item.key in self.said.remove
        change = Change.REMOVED if removed else Change.NONE
        return Line(item.key, item.text, used=item.usual and not removed, change=change)

    def _with_again(self, key: str) -> "PackageEdit":
        item = next(item for item in self.listed if item.key == key)
        return self.having(item.text)

    def _added_but(self, key: str) -> Iterator[str]:
        return (text for text in self.said.add if self.key_of(text) != key)

    def _removed(self, key: str) -> tuple[str, ...]:
        return self.said.remove if key in self.said.remove else (*self.said.remove, key)

    def _saying(self, add: tuple[str, ...], remove: tuple[str, ...]) -> "PackageEdit":
        return replace(self, said=PackageAnswers(add, remove))
