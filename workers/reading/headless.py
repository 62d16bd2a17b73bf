"""Jobs that stand under no heading: dated entries of the header, where no section holds any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workers.reading.chain import table
from workers.reading.evidence import row_features
from workers.reading.lines import Line
from workers.reading.rows import Style, section_rows

_FEWEST = 2
_LIKELY = 0.5
_MOST_OVER = 2
_BRIEF = 70


def jobs_begin(header: Sequence[Line]) -> int | None:
    """Which of the header's lines the first job begins with; None where it tells of none.

    At least two rows must hold spans of time: one alone may be said of anything. The first begins
    as most do: as far above its dates, and in the same print."""
    rows = section_rows(header)
    dated = [at for at, row in enumerate(rows) if row.dated and len(row.text) < _BRIEF]
    spanned = [at for at in dated if any(span.ranged for span in rows[at].spans)]
    if len(spanned) < _FEWEST:
        return None
    known = table("rows")
    sure = known.certainty(known.evidence(row_features(rows, "work")))
    heads = Counter[tuple[int, Style]]()
    for at in spanned:
        over = range(max(0, at - _MOST_OVER), at + 1)
        begin = max(over, key=lambda each: sure[each]["begin"])
        if sure[begin]["begin"] > _LIKELY:
            heads[at - begin, rows[begin].style] += 1
    if not heads:
        return None
    (above, style), _ = heads.most_common(1)[0]
    first = next(at for at in dated if at >= above and rows[at - above].style == style)
    lead = rows[first - above].cells[0]
    places = [(line.page, line.row) for line in header]
    return places.index((lead.page, lead.row))
