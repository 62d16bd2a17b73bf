"""What the parts of a Word file say, in order: paragraphs, tables, text boxes, with how each run is
printed and whether it can be seen.

There are no pixels to ask: whether something can be seen is what the file itself says of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import nsmap, qn

from server.document.pages import HiddenReason
from workers.reading.headings import section_kind
from workers.reading.labels import label_kind

_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _R, _T, _SDT = qn("w:p"), qn("w:tbl"), qn("w:r"), qn("w:t"), qn("w:sdt")
_BOX, _LINK, _VAL = qn("w:txbxContent"), qn("w:hyperlink"), qn("w:val")
_NOT_READ = {
    qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), qn("w:rt"),
    _COMPATIBLE + "Fallback",
}  # fmt: skip
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
_FILLED = (qn("a:solidFill"), qn("a:gradFill"), qn("a:pattFill"), qn("a:blipFill"))
_OFF = ("0", "false", "off", "none")
_MOST_STYLES = 20
_USUAL_SIZE = 10.0
_TINY = 2.0
_ALIKE = 16
"""Of 255: colours whose channels all differ less cannot be told apart."""
WHITE = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class Run:
    """``text`` may hold tabs, line breaks, and form feeds for new pages. ``color`` is 0xRRGGBB."""

    text: str
    size: float
    bold: bool
    font: str
    color: int
    hidden: HiddenReason | None
    link: str | None


class Styles:
    """The named styles of a file, and what they say of a run or paragraph, nearest first."""

    def __init__(self, root: Any) -> None:
        listed = [] if root is None else root.findall(qn("w:style"))
        self._named = {style.get(qn("w:styleId")): style for style in listed}
        self._usual = next(
            (
                style.get(qn("w:styleId"))
                for style in listed
                if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) == "1"
            ),
            None,
        )
        defaults = None if root is None else root.find(qn("w:docDefaults"))
        self._defaults = [] if defaults is None else list(defaults.iter(qn("w:rPr"), qn("w:pPr")))

    def of_paragraph(self, paragraph: Any, kind: str) -> list[Any]:
        """Properties of ``kind``, w:pPr or w:rPr, that hold for it."""
        own = paragraph.find(qn("w:pPr"))
        named = None if own is None else own.find(qn("w:pStyle"))
        style = self._usual if named is None else named.get(_VAL)
        direct = [own] if own is not None and kind == "w:pPr" else []
        return [*direct, *self._of_style(style, kind), *self._default(kind)]

    def of_run(self, run: Any, paragraph: Sequence[Any]) -> list[Any]:
        own = run.find(qn("w:rPr"))
        if own is None:
            return list(paragraph)
        named = own.find(qn("w:rStyle"))
        styled = () if named is None else self._of_style(named.get(_VAL), "w:rPr")
        return [own, *styled, *paragraph]

    def shades(self, table: Any) -> bool:
        """Whether a table's own style colours cells, no matter which."""
        named = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
        return named is not None and any(
            _colour(shade.get(qn("w:fill"))) not in (None, WHITE)
            for style in self._chain(named.get(_VAL))
            for shade in style.iter(qn("w:shd"))
        )

    def ruled(self, table: Any) -> bool:
        """Whether lines are drawn around a table's cells."""
        own = table.find(qn("w:tblPr"))
        named = None if own is None else own.find(qn("w:tblStyle"))
        places = [own, *self._chain(None if named is None else named.get(_VAL))]
        for place in places:
            borders = None if place is None else next(place.iter(qn("w:tblBorders")), None)
            if borders is not None:
                return any(each.get(_VAL) not in ("none", "nil", None) for each in borders)
        return False

    def _of_style(self, name: str | None, kind: str) -> list[Any]:
        found = (style.find(qn(kind)) for style in self._chain(name))
        return [each for each in found if each is not None]

    def _chain(self, name: str | None) -> Iterator[Any]:
        for _ in range(_MOST_STYLES):
            style = self._named.get(name)
            if style is None:
                return
            yield style
            based = style.find(qn("w:basedOn"))
            name = None if based is None else based.get(_VAL)

    def _default(self, kind: str) -> list[Any]:
        return [each for each in self._defaults if each.tag == qn(kind)]


def blocks(container: Any) -> Iterator[Any]:
    """The paragraphs and tables in it, in order; no placeholder that nobody filled in, but those
    that head a section or say what stands beside them, as templates have them."""
    for child in container:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag == _SDT:
            told = child.find(qn("w:sdtContent"))
            if told is not None and not _is_placeholder(child):
                yield from blocks(told)
        elif child.tag in (qn("w:customXml"), qn("w:ins"), qn("w:moveTo")):
            yield from blocks(child)


def boxes(element: Any) -> Iterator[Any]:
    """Text boxes that hang on a paragraph, outermost first; each once, though it stands twice."""
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _NOT_READ:
            yield from boxes(child)


def is_filled(box: Any) -> bool:
    """Whether the shape around a text box has a colour of its own."""
    for around in box.iterancestors():
        if around.tag == _P:
            return False
        if around.get("fillcolor") or any(
            each.tag in _FILLED for part in around if part.tag.endswith("}spPr") for each in part
        ):
            return True
    return False


def runs(
    paragraph: Any, styles: Styles, links: dict[str, str], ground: int | None
) -> Iterator[Run]:
    """``ground``: the colour that stands behind it, None where that is not known."""
    usual = styles.of_paragraph(paragraph, "w:rPr")
    shade = _shade(styles.of_paragraph(paragraph, "w:pPr"))
    for run, link in _found_runs(paragraph, None):
        text = "".join(_texts(run))
        if text:
            placed = styles.of_run(run, usual)
            behind = next((s for s in (_shade(placed), shade) if s is not None), ground)
            yield _run(text, placed, behind, links.get(link or ""))


def _found_runs(element: Any, link: str | None) -> Iterator[tuple[Any, str | None]]:
    for child in element:
        if child.tag == _R:
            yield child, link
            for base in child.iter(qn("w:rubyBase")):
                yield from _found_runs(base, link)
        elif child.tag == _LINK:
            yield from _found_runs(child, child.get(f"{{{nsmap['r']}}}id"))
        elif child.tag == _SDT and _is_placeholder(child):
            continue
        elif child.tag not in _NOT_READ and child.tag != _BOX:
            yield from _found_runs(child, link)


def _texts(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == _T:
            yield child.text or ""
        elif child.tag == qn("w:br") and child.get(qn("w:type")) == "page":
            yield "\f"
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == qn("w:sym"):
            yield "\uf0b7"


def _run(text: str, placed: Sequence[Any], ground: int | None, link: str | None) -> Run:
    size = _size(placed)
    color = _colour(_value(placed, "w:color"))
    hidden: HiddenReason | None = None
    if _is_on(placed, "w:vanish"):
        hidden = "invisible"
    elif size < _TINY:
        hidden = "tiny"
    elif ground is not None and _alike(0 if color is None else color, ground):
        hidden = "same_color"
    fonts = next((f for f in (each.find(qn("w:rFonts")) for each in placed) if f is not None), None)
    font = "" if fonts is None else (fonts.get(qn("w:ascii")) or "")
    return Run(text, size, _is_on(placed, "w:b"), font, color or 0, hidden, link)


def _size(placed: Sequence[Any]) -> float:
    half = _value(placed, "w:sz") or ""
    return int(half) / 2 if half.isdecimal() and len(half) < 5 else _USUAL_SIZE


def _is_on(placed: Sequence[Any], name: str) -> bool:
    found = next((f for f in (each.find(qn(name)) for each in placed) if f is not None), None)
    return found is not None and found.get(_VAL, "1") not in _OFF


def _value(placed: Sequence[Any], name: str) -> str | None:
    found = next((f for f in (each.find(qn(name)) for each in placed) if f is not None), None)
    return None if found is None else found.get(_VAL)


def _shade(placed: Sequence[Any]) -> int | None:
    for each in placed:
        shade = each.find(qn("w:shd"))
        if shade is not None and (fill := _colour(shade.get(qn("w:fill")))) is not None:
            return fill
        marked = each.find(qn("w:highlight"))
        if marked is not None and marked.get(_VAL) not in ("none", None):
            return {"white": WHITE, "black": 0}.get(marked.get(_VAL), 0x808080)
    return None


def cell_shade(cell: Any, ground: int | None) -> int | None:
    own = cell.find(qn("w:tcPr"))
    found = None if own is None else _shade([own])
    return ground if found is None else found


def _colour(value: str | None) -> int | None:
    try:
        return int(value, 16) if value and len(value) == 6 else None
    except ValueError:
        return None


def _alike(one: int, other: int) -> bool:
    return all(abs((one >> at & 255) - (other >> at & 255)) < _ALIKE for at in (0, 8, 16))


def _is_placeholder(control: Any) -> bool:
    told = control.find(qn("w:sdtPr"))
    if told is None or told.find(qn("w:showingPlcHdr")) is None:
        return False
    text = "".join(each.text or "" for each in control.iter(qn("w:t"))).strip()
    return section_kind(text) is None and label_kind(text.rstrip(":：")) is None
