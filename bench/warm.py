"""Every stage of some targets in one warmed-up process; prints the seconds of each.

    python bench/warm.py TARGET...

The commands are those of the rules, as a dry run tells them; what they write is written again.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from importlib import import_module

sys.path.insert(0, "workflow")

_COMMAND = re.compile(r"^Shell command: python -m wavedeck (.+?) > \S+ 2>&1\s*$", re.M)


def commands(targets: list[str]) -> list[list[str]]:
    """The stages' arguments, in the order in which the rules run them."""
    asked = ["snakemake", "--dry-run", "--forceall", "--printshellcmds", "--cores", "1", *targets]
    told = subprocess.run(asked, capture_output=True, text=True)
    found = [shlex.split(command) for command in _COMMAND.findall(told.stdout + told.stderr)]
    if told.returncode or not found:
        sys.exit(told.stdout + told.stderr)
    return found


def main() -> None:
    stages = commands(sys.argv[1:])
    for timed in (False, True):
        for stage, *arguments in stages:
            start = time.perf_counter()
            import_module(f"wavedeck.{stage}").main(arguments)
            if timed:
                form = re.search(r"--format (\w+)", " ".join(arguments))
                name = f"{stage}-{form[1]}" if form else stage
                print(name, time.perf_counter() - start)


if __name__ == "__main__":
    main()
