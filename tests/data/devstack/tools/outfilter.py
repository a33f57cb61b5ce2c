"""Stamps lines, for the screen (-v) and for a file (-o)."""

import argparse
import re
import sys
from datetime import UTC, datetime

parser = argparse.ArgumentParser()
parser.add_argument("-o", type=argparse.FileType("a"))
parser.add_argument("-v", action="store_const", const=sys.stdout)
options = parser.parse_args()
for line in sys.stdin:
    if re.search(r"set \+o|xtrace", line):
        continue
    now = datetime.now(UTC).isoformat(" ", "milliseconds").partition("+")[0]
    for stream in filter(None, (options.v, options.o)):
        stream.write(f"{now} | {line}")
        stream.flush()
