"""What the note under an exhibit says of answers that cannot be compared with the wave before."""

from __future__ import annotations

from wavedeck.draw import alt
from wavedeck.draw.result import Context
from wavedeck.draw.waves import rounds_of
from wavedeck.exhibits import BarsExhibit, CrosstabExhibit, Exhibit, ScaleExhibit, TrendExhibit
from wavedeck.figures import Figure
from wavedeck.survey import GridQuestion, Scale

TESTED = ("up", "down", "none", "")
"""Notes on change that are no reason against comparing."""


def not_comparable(exhibit: Exhibit, context: Context) -> str:
    """'. Not comparable with July 2017: …', or '' where all is comparable or there is no wave
    before."""
    kinds = ScaleExhibit | BarsExhibit | CrosstabExhibit | TrendExhibit
    if not isinstance(exhibit, kinds) or not exhibit.question:
        return ""
    if isinstance(exhibit, TrendExhibit) and len(rounds_of(exhibit, context)) > 2:
        return ""  # its own note says so of each wave
    title = context.estimates.find("wave.title:previous")
    question = context.survey.questions[exhibit.question]
    scale = context.survey.scale_of(exhibit.question)
    items = _items(exhibit, question) if isinstance(question, GridQuestion) else [""]
    found: dict[str, list[str]] = {}
    for item in items:
        for option in _shown(exhibit, scale):
            figure = _change(context, exhibit.question, option, item)
            if figure and figure.change_note not in TESTED:
                label = scale.label(option)
                if item and isinstance(question, GridQuestion):
                    label = question.items[item].label
                labels = found.setdefault(figure.change_note, [])
                if label not in labels:
                    labels.append(label)
    if not found or title is None:
        return ""
    whole = len(items) if items[0] else len(scale.answers) - len(scale.nets)
    parts = []
    for reason, words in found.items():
        if reason.startswith("not asked in") and len(words) == whole:
            parts.append(f"{reason[0].upper()}{reason[1:]}")
            continue
        which = "Not comparable"
        if len(words) < whole:
            which = f"{alt.series([f'‘{word}’' for word in words])} not comparable"
        parts.append(f"{which} with {title.text}: {reason}")
    return f". {'; '.join(parts)}"


def _items(exhibit: Exhibit, question: GridQuestion) -> list[str]:
    """Rows of a grid that the exhibit shows."""
    if isinstance(exhibit, CrosstabExhibit):
        return [exhibit.item or ""]
    return list(getattr(exhibit, "items", [])) or list(question.items)


def _shown(exhibit: Exhibit, scale: Scale) -> list[str]:
    """Options and nets that the exhibit compares, or the options that it shows."""
    if isinstance(exhibit, TrendExhibit):
        return list(exhibit.answers) or [exhibit.answer or ""]
    if isinstance(exhibit, BarsExhibit) and exhibit.answer:
        return [exhibit.answer]
    return list(scale.options)


def _change(context: Context, question: str, answer: str, item: str) -> Figure | None:
    stem = f"{question}.{answer}.{item}" if item else f"{question}.{answer}"
    return context.estimates.find(f"{stem}:change")
