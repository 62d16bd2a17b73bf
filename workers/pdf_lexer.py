"""Reads content streams faster than pdfminer does.

pdfminer looks at one character class at a time and carries every token over three stacks; most of a
page's time goes there. The common operands and operators are taken with one expression each and
handed out at once; everything else is left to pdfminer's own parser, from the same place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from pdfminer.pdfinterp import PDFContentParser
from pdfminer.psexceptions import PSEOF
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
_ARRAY, _ARRAY_END = 7, 5
# values, and inline images, whose bytes are no tokens
_LEFT_TO_PDFMINER = frozenset(map(KWD, (b"true", b"false", b"null", b"BI", b"ID", b"EI")))


class FastContentParser(PDFContentParser):
    BUFSIZ = 1 << 16

    def objects(self) -> Iterator[Any]:
        """Operands and operators, in order, up to the end."""
        with suppress(PSEOF):
            while True:
                yield from self._common()
                yield self.nextobject()[1]

    def _common(self) -> Iterator[Any]:
        """The common ones from here on, up to one that is left to pdfminer."""
        # at the seam of two buffers, within a token or an open array, pdfminer goes on
        if (
            self.curstack or self.results or self.context or self._tokens or self.eof
            or self._parse1 != self._parse_main
        ):  # fmt: skip
            return
        buffer = self.buf
        while (found := _OBJECT.match(buffer, self.charpos)) is not None:
            kind, end = found.lastindex or 0, found.end()
            if kind == _ARRAY:
                taken = _array(buffer, end)
                if taken is None:
                    return
                value, end = taken
            else:
                value = _VALUES[kind](found[kind])
                if value in _LEFT_TO_PDFMINER:
                    return
            self.charpos = end
            yield value


def _array(buffer: bytes, at: int) -> tuple[list[Any], int] | None:
    """Its items and where it ends; None where it holds more than numbers and strings."""
    items: list[Any] = []
    while (found := _ITEM.match(buffer, at)) is not None:
        kind, at = found.lastindex or 0, found.end()
        if kind == _ARRAY_END:
            return items, at
        items.append(_VALUES[kind](found[kind]))
    return None


def _string(text: bytes) -> bytes:
    return _ESCAPE.sub(_unescape, text) if b"\\" in text else text


def _unescape(found: re.Match[bytes]) -> bytes:
    return _UNESCAPED.get(found.group(), b"")


_VALUES: tuple[Callable[[bytes], Any], ...] = (
    bytes, int, float, _string, lambda text: bytes.fromhex(text.decode("ascii")), lru_cache(KWD),
    lru_cache(lambda text: LIT(text.decode("latin-1"))),
)  # fmt: skip
"""By kind, how what was found becomes an object."""
