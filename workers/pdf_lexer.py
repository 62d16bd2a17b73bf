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
from pdfminer.psparser import ESC_STRING, KWD, LIT, PSKeyword

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
_OPERATION = re.compile(
    rb"[\t\n\x0c\r ]*+((?:[+-]?(?:\d++(?:\.\d*+)?|\.\d++)[\t\n\x0c\r ]++){0,6}+)([A-Za-z]++[*01]?+)"
    + _END
)
"""An operator with the numbers before it, which most have none but."""
_OPERAND = re.compile(
    _SPACE + rb"(?:" + _NUMBER + rb"|" + _STRING + rb"|/([\w+.-]+)" + _END + rb"|(\[))"
)
_ITEM = re.compile(_SPACE + rb"(?:" + _NUMBER + rb"|" + _STRING + rb"|(\]))")
_ARRAY, _ARRAY_END = 6, 5
# values, and inline images, whose bytes are no tokens
_LEFT_TO_PDFMINER = frozenset(map(KWD, (b"true", b"false", b"null", b"BI", b"ID", b"EI")))


class FastContentParser(PDFContentParser):
    BUFSIZ = 1 << 16

    def operations(self) -> Iterator[tuple[list[Any], PSKeyword]]:
        """Each operator with the operands since the one before, up to the end."""
        operands: list[Any] = []
        with suppress(PSEOF):
            while True:
                buffer, between = self.buf, self._is_between()
                while between:
                    if found := _OPERATION.match(buffer, self.charpos):
                        operator = _keyword(found[2])
                        if operator in _LEFT_TO_PDFMINER:
                            break
                        self.charpos = found.end()
                        operands += map(_number, found[1].split())
                        yield operands, operator
                        operands = []
                    elif (taken := self._operand()) is not None:
                        operands.append(taken)
                    else:
                        break
                left = self.nextobject()[1]
                if isinstance(left, PSKeyword):
                    yield operands, left
                    operands = []
                else:
                    operands.append(left)

    def _is_between(self) -> bool:
        """At the seam of two buffers, within a token or an open array, pdfminer goes on."""
        return not (
            self.curstack or self.results or self.context or self._tokens or self.eof
            or self._parse1 != self._parse_main
        )  # fmt: skip

    def _operand(self) -> Any:
        """The next one where it is a common one; None where it is left to pdfminer."""
        found = _OPERAND.match(self.buf, self.charpos)
        if found is None:
            return None
        kind, end = found.lastindex or 0, found.end()
        if kind == _ARRAY:
            taken = _array(self.buf, end)
            if taken is None:
                return None
            value, self.charpos = taken
            return value
        self.charpos = end
        return _VALUES[kind](found[kind])


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


def _number(text: bytes) -> int | float:
    return float(text) if b"." in text else int(text)


_keyword = lru_cache(KWD)
_VALUES: tuple[Callable[[bytes], Any], ...] = (
    bytes, int, float, _string, lambda text: bytes.fromhex(text.decode("ascii")),
    lru_cache(lambda text: LIT(text.decode("latin-1"))),
)  # fmt: skip
"""By kind, how what was found becomes an object."""
