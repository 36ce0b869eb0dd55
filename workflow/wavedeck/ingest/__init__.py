"""ingest: the export as received -> cells.

One row a cell with its question, its value and its address; nothing is judged or changed here
beyond knowing every column. Columns that the codebook does not know stop the wave; columns that
tell who a respondent is are not read at all.
"""

from __future__ import annotations


def main(argv: list[str]) -> None:
    """The command behind the ingest rule."""
    from wavedeck.ingest import stage

    stage.main(argv)
