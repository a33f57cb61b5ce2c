"""How fast all rules read a log, and how many first cards are right.

    python benchmarks/diagnosis.py [LOG]

Without LOG: the log of a whole stack.sh that went well, kept with the tests.
"""

import gzip
import sys
import time
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from wizard.engine.diagnosing import read, suspicious
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Scan, is_failure

LOGS = Path(__file__).parent.parent / "tests/data/logs"
ROUNDS = 15


def content(path: Path) -> bytes:
    """Return a log, unpacked."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def speed(log: bytes, clues: Clues) -> float:
    """Return lines a second, the best of some rounds: other work on the machine only slows."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        Scan(clues).feed(log)
        best = min(best, time.perf_counter() - start)
    return log.count(b"\n") / best


def first_cards(clues: Clues, prefix: str = "") -> tuple[int, int]:
    """Return how many failing logs are explained right, of how many."""
    expected = tomllib.loads((LOGS / "expected.toml").read_text())
    right = total = 0
    for path in sorted(LOGS.glob(f"{prefix}*.log*")):
        if rule := expected[path.name.partition(".log")[0]]:
            with path.open("rb") as file:
                findings = read(file, clues).findings()
            total += 1
            right += bool(findings) and findings[0].rule.id == rule
    return right, total


def likeliest(clues: Clues) -> tuple[int, int]:
    """Return how often the telling line is shown first without any rule, of how many logs."""
    first = total = 0
    for path in sorted(LOGS.glob("*.log*")):
        with path.open("rb") as file:
            findings = read(file, clues).findings()
            if is_failure(findings):
                shown = suspicious(file, rule_book.shipped().endings)
                total += 1
                first += bool(shown) and shown[0] in findings[0].lines
    return first, total


def main() -> None:
    """Print the figures."""
    start = time.perf_counter()
    book = rule_book.shipped()
    clues = Clues(book)
    ready = time.perf_counter() - start
    patterns = sum(len(rule.match) for rule in book.rules)
    print(f"{len(book.rules)} rules, {patterns} patterns, ready after {ready * 1000:.0f} ms")
    log = Path(sys.argv[1]) if len(sys.argv) > 1 else LOGS / "stack-good-run.log.gz"
    text = content(log)
    Scan(clues).feed(text)  # compiles what this log needs
    print(f"{log.name}: {speed(text, clues):,.0f} lines a second, {len(text):,} bytes")
    print("first cards right: {} of {}".format(*first_cards(clues)))
    print("telling line first without any rule: {} of {}".format(*likeliest(clues)))


if __name__ == "__main__":
    main()
