"""What the texts of a rule file are made of: names in templates, groups in patterns."""

import re
import string
from collections.abc import Iterable


def fields(text: str) -> set[str]:
    """Return the names in braces of a template."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}  # a single brace: nothing captures that


def common_groups(patterns: Iterable[str]) -> frozenset[str]:
    """Return the groups that every pattern has."""
    named = [frozenset(re.findall(r"\(\?P<(\w+)>", pattern)) for pattern in patterns]
    return frozenset.intersection(*named) if named else frozenset()
