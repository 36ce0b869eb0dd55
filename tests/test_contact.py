"""Columns that tell who a respondent is."""

from __future__ import annotations

import pytest

from wavedeck.contact import looks_like


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("Custom Data 1", ["a@example.org", None, "b@example.org", "no"], "email addresses"),
        ("Link", ["+44 20 7946 0000", "020 7946 0001"], "telephone numbers"),
        ("IP", ["203.0.113.9", "2001:db8::1"], "IP addresses"),
        ("Where", ["51.5072, -0.1276"], "coordinates"),
        ("LocationLatitude", ["51.5072", "53"], "coordinates"),
        ("Score", ["5", "10", "203"], ""),
        ("Started", ["2020-03-01T10:00:00", "2020-03-02"], ""),
        ("Response", ["1234567890", "1234567891"], ""),
        ("Comment", ["write to a@example.org", "no", "yes"], ""),
        ("Empty", [None, None], ""),
    ],
)
def test_by_the_look_of_values(header: str, values: list[str | None], kind: str) -> None:
    assert looks_like(header, values) == kind
