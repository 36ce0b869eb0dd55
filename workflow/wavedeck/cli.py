"""The `wavedeck` command: verbs, each a module with a `main`."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path

from wavedeck.errors import WavedeckError, nearest

STAGES = {
    "ingest": "read an export into cells",
    "clean": "code the cells by the codebook, with a ledger of changes",
    "weight": "weight respondents to the population list",
    "estimate": "compute every statistic",
    "overview": "gather the estimates of several studies",
    "draw": "draw charts and tables",
    "awaiting": "list the comments that nobody has decided on",
    "compose": "write the deck's source",
    "render": "render the deck to HTML or PDF",
    "publish": "write the detailed results: workbook and CSV",
    "spss": "write the coded answers for SPSS, restricted",
    "audit": "write the restricted audit bundle",
}
VERBS = {
    "new": "draft a survey from an export that nobody has described",
    "wave": "draft the next wave of a survey from its export",
    "trace": "follow an estimate to its cells, or a cell to its estimates",
    "verify": "hold a published wave against its raw files",
    "claims": "list the claims of a deck and whether they hold",
    "diff": "tell what moved between two builds, and why",
    "reconcile": "compare estimates with a table of published figures",
    "reference": "write docs/reference from the models",
}

_ALLOWED = "see to it that you may read and write there, or work in a folder of your own"
_ROOM = "make room on the disk, and run it again"
_OF_THE_PLACE = {
    errno.EACCES: _ALLOWED,
    errno.EPERM: _ALLOWED,
    errno.EROFS: _ALLOWED,
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
}
"""Errors of the machine that a person mends, and how."""


def usage() -> str:
    lines = ["usage: wavedeck VERB ...   (wavedeck VERB --help says more)", ""]
    for title, verbs in (("For people:", VERBS), ("Stages, which snakemake calls:", STAGES)):
        lines += [title, *(f"  {verb:<10} {what}" for verb, what in verbs.items()), ""]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run a verb. A user's mistake is a message and exit status 1, never a traceback."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage())
        return 0 if arguments else 2
    verb, *rest = arguments
    if verb not in STAGES and verb not in VERBS:
        near = nearest(verb, [*VERBS, *STAGES])
        hint = f"; did you mean '{near}'?" if near else ""
        print(f"wavedeck: there is no verb '{verb}'{hint}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        status = import_module(f"wavedeck.{verb}").main(rest) or 0
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # The reader has seen enough (head, a pager that was closed). Nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(f"\nwavedeck {verb}: stopped", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno not in _OF_THE_PLACE:
            raise
        where = Path(error.filename or ".")
        where = where.parent if where.name.startswith(".") else where  # a temporary file
        print(f"wavedeck {verb}: 1 problem\n\n{where}: {error.strerror}", file=sys.stderr)
        print(f"    to do:    {_OF_THE_PLACE[error.errno]}", file=sys.stderr)
        return 1
    except WavedeckError as error:
        count = len(error.problems)
        title = "1 problem" if count == 1 else f"{count} problems"
        print(f"wavedeck {verb}: {title}\n\n{error}", file=sys.stderr)
        return 1
