"""Reads the numbers, names and operators of content streams faster than pdfminer does.

pdfminer looks at one character class at a time; three quarters of a page's time go there. The
common tokens are taken with one expression, all others are left to pdfminer's own parser.
"""

from __future__ import annotations

import re
from typing import Any

from pdfminer.pdfinterp import PDFContentParser
from pdfminer.psparser import KWD, LIT

_TOKEN = re.compile(
    rb"[\t\n\x0c\r ]*(?:([+-]?\d+)|([+-]?(?:\d+\.\d*|\.\d+))|([A-Za-z]+[*01]?)|/([\w+.-]+))"
    rb"(?=[\t\n\x0c\r \[\]<(/])"
)
_VALUES = (b"true", b"false", b"null")


class FastContentParser(PDFContentParser):
    BUFSIZ = 1 << 16

    def nexttoken(self) -> tuple[int, Any]:
        # charpos < len(buf): not at the seam of two buffers; _parse_main: not within a token
        if not self._tokens and not self.eof and self.charpos < len(self.buf):
            found = _TOKEN.match(self.buf, self.charpos)
            if found is not None and self._parse1 == self._parse_main:
                kind = found.lastindex or 0
                text = found.group(kind)
                if text not in _VALUES:
                    self.charpos = found.end()
                    slash = 1 if kind == 4 else 0
                    return self.bufpos + found.start(kind) - slash, _value(kind, text)
        token: tuple[int, Any] = super().nexttoken()
        return token


def _value(kind: int, text: bytes) -> Any:
    if kind == 1:
        return int(text)
    if kind == 2:
        return float(text)
    return KWD(text) if kind == 3 else LIT(text.decode("latin-1"))
