"""Reads content streams faster than pdfminer does.

pdfminer looks at one character class at a time and carries every token over three stacks; most of a
page's time goes there. The common operands and operators are taken with one expression each and
handed out at once; everything else is left to pdfminer's own parser, from the same place.
"""

from __future__ import annotations

import re
from typing import Any

from pdfminer.pdfinterp import PDFContentParser
from pdfminer.psparser import ESC_STRING, KWD, LIT

_SPACE = rb"[\t\n\x0c\r ]*"
_END = rb"(?=[\t\n\x0c\r \[\]<(/])"
_NUMBER = rb"([+-]?\d+)" + _END + rb"|([+-]?(?:\d+\.\d*|\.\d+))" + _END
_PLAIN = rb"[^()\\\r\n]*"
_ESCAPED = rb"\\(?:[0-3][0-7]{2}|[0-7]{1,2}(?![0-7])|[^0-7\r\n])"
_STRING = rb"\((" + _PLAIN + rb"(?:" + _ESCAPED + _PLAIN + rb")*)\)|<((?:[0-9A-Fa-f]{2})*)>"
_ESCAPE = re.compile(_ESCAPED, re.DOTALL)
_UNESCAPED = {
    rb"\%0*o" % (width, code): bytes((code,))
    for code in range(256)
    for width in (1, 2, 3)
    if code < 8**width
} | {b"\\" + sign: bytes((code,)) for sign, code in ESC_STRING.items()}
"""Other escaped signs are dropped, as pdfminer does."""
_OBJECT = re.compile(
    _SPACE + rb"(?:" + _NUMBER + rb"|" + _STRING + rb"|([A-Za-z]+[*01]?)" + _END
    + rb"|/([\w+.-]+)" + _END + rb"|(\[))"
)  # fmt: skip
_ITEM = re.compile(_SPACE + rb"(?:" + _NUMBER + rb"|" + _STRING + rb"|(\]))")
_INTEGER, _REAL, _LITERAL, _HEX, _KEYWORD, _NAME, _ARRAY = range(1, 8)
_ARRAY_END = 5
_MARKED = (_LITERAL, _HEX, _NAME)
"""Kinds whose text stands behind the sign that begins them."""
# values, and inline images, whose bytes are no tokens
_LEFT_TO_PDFMINER = (b"true", b"false", b"null", b"BI", b"ID", b"EI")


class FastContentParser(PDFContentParser):
    BUFSIZ = 1 << 16

    def nextobject(self) -> tuple[int, Any]:
        # at the seam of two buffers, within a token or an open array, pdfminer goes on
        if (
            self.curstack or self.results or self.context or self._tokens or self.eof
            or self.charpos >= len(self.buf) or self._parse1 != self._parse_main
        ):  # fmt: skip
            return self._pdfminers()
        found = _OBJECT.match(self.buf, self.charpos)
        if found is None:
            return self._pdfminers()
        kind = found.lastindex or 0
        if kind == _ARRAY:
            return self._take_array(found.start(kind), found.end()) or self._pdfminers()
        text = found.group(kind)
        if kind == _KEYWORD and text in _LEFT_TO_PDFMINER:
            return self._pdfminers()
        self.charpos = found.end()
        return self.bufpos + found.start(kind) - (kind in _MARKED), _value(kind, text)

    def _pdfminers(self) -> tuple[int, Any]:
        found: tuple[int, Any] = super().nextobject()
        return found

    def _take_array(self, start: int, at: int) -> tuple[int, Any] | None:
        items: list[Any] = []
        while (found := _ITEM.match(self.buf, at)) is not None:
            kind, at = found.lastindex or 0, found.end()
            if kind == _ARRAY_END:
                self.charpos = at
                return self.bufpos + start, items
            items.append(_value(kind, found.group(kind)))
        return None


def _value(kind: int, text: bytes) -> Any:
    if kind == _INTEGER:
        return int(text)
    if kind == _REAL:
        return float(text)
    if kind == _LITERAL:
        return _ESCAPE.sub(_unescape, text) if b"\\" in text else text
    if kind == _HEX:
        return bytes.fromhex(text.decode("ascii"))
    return KWD(text) if kind == _KEYWORD else LIT(text.decode("latin-1"))


def _unescape(found: re.Match[bytes]) -> bytes:
    return _UNESCAPED.get(found.group(), b"")
