"""python -m tests.mutants [--oracle] [NAME...]: how many of the named defects are found.

``--oracle`` lets the seven properties look alone, without the examples of other tests.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

from tests.mutants.defects import ALL, Defect
from tests.mutants.hunt import ALL as SEARCHES
from tests.mutants.hunt import ORACLE, found_by

arguments = sys.argv[1:]
searches = (ORACLE,) if "--oracle" in arguments else SEARCHES
names = [name for name in arguments if name != "--oracle"]
chosen = [defect for defect in ALL if not names or any(name in defect.name for name in names)]


def hunt(defect: Defect) -> bool:
    began = time.monotonic()
    where = found_by(defect, searches)
    verdict = where.rpartition("/")[2] or "NOT FOUND"
    print(f"{defect.name:50} {time.monotonic() - began:5.1f} s  {verdict}", flush=True)  # noqa: T201
    return bool(where)


if where := found_by(None, searches):
    sys.exit(f"fails without any defect: {where}")
with ThreadPoolExecutor(cpu_count()) as several:
    found = sum(several.map(hunt, chosen))
print(f"{found} of {len(chosen)} found ({100 * found / len(chosen):.0f} of 100)")  # noqa: T201
sys.exit(found < 0.95 * len(chosen))
