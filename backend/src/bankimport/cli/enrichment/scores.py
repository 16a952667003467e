"""Print the score of the ladder for people."""

from collections.abc import Sequence

from bankimport.cli.console import out, table
from bankimport.enrichment.quality.compare import differences
from bankimport.enrichment.quality.score import PartScore, Score


def print_score(found: Score, before: Score | None) -> None:
    """Print the figures of a score, with the differences from an earlier one."""
    sure = "" if found.right_when_answered is None else f", right when answered {found.right_when_answered:.1%}"
    cost = "unknown" if found.cost_per_1000_rows is None else f"{found.cost_per_1000_rows:f} {found.currency or ''}"
    out.print(
        f"{found.rows} rows: accuracy {found.accuracy:.1%}, macro-F1 {found.macro_f1:.3f}, "
        f"unknown {found.unknown_rate:.1%}{sure}; {cost.strip()} for 1,000 rows, "
        f"{found.asks} merchants left for a model",
        soft_wrap=True,
    )
    named = found.merchants
    out.print(f"merchants: {named.rows} labelled, {named.answered} named, {named.right} correctly")
    lines = table("rung", ">answered", ">right", ">precision")
    for rung in found.rungs:
        lines.add_row(rung.rung, str(rung.answered), str(rung.right), f"{rung.precision:.1%}")
    out.print(lines)
    for name, parts in (("country", found.countries), ("group", found.groups)):
        _print_parts(name, parts)
    sureness = table(">confidence", ">answered", ">accuracy")
    for item in found.calibration:
        sureness.add_row(f"{item.confidence:.0%}", str(item.answered), f"{item.precision:.1%}")
    out.print(sureness)
    if before is not None:
        _print_differences(before, found)


def _print_parts(name: str, parts: Sequence[PartScore]) -> None:
    if not parts:
        return
    lines = table(name, ">rows", ">accuracy", ">coverage", ">precision")
    for part in parts:
        precision = "" if part.precision is None else f"{part.precision:.1%}"
        lines.add_row(part.part, str(part.rows), f"{part.accuracy:.1%}", f"{part.coverage:.1%}", precision)
    out.print(lines)


def _print_differences(before: Score, now: Score) -> None:
    lines = table("figure", ">before", ">now", ">change")
    for item in differences(before, now):
        change = "" if item.before is None or item.now is None else f"{item.now - item.before:+.4f}"
        figures = ("" if figure is None else f"{figure:.4f}" for figure in (item.before, item.now))
        lines.add_row(item.figure, *figures, change)
    out.print(lines)
