"""The process behind `wavedeck` and `python -m wavedeck`."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class WithoutPandas(MetaPathFinder):
    """Makes pandas count as not installed in this process.

    pyarrow imports it, where it is installed, as soon as it makes an array. No stage uses it but
    spss, and that second of import would be most of what a stage takes.
    """

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("no stage of wavedeck uses pandas", name=fullname)


def run() -> None:
    if sys.argv[1:2] != ["spss"]:
        sys.meta_path.insert(0, WithoutPandas())
    from wavedeck.cli import main

    sys.exit(main())


if __name__ == "__main__":
    run()
