"""Which layers of a PDF (optional content) are switched off when it is opened."""

from __future__ import annotations

from typing import Any

from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

_MOST = 1_000


class Layers:
    """False where no layer is off."""

    def __init__(self, catalog: dict[str, Any]) -> None:
        properties = resolve1(catalog.get("OCProperties"))
        default = resolve1(properties.get("D")) if isinstance(properties, dict) else None
        self._off: set[int] = set()
        if not isinstance(properties, dict) or not isinstance(default, dict):
            return
        base = resolve1(default.get("BaseState"))
        if isinstance(base, PSLiteral) and base.name == "OFF":
            self._off = _ids(properties.get("OCGs")) - _ids(default.get("ON"))
        self._off |= _ids(default.get("OFF"))

    def __bool__(self) -> bool:
        return bool(self._off)

    def is_off(self, reference: object) -> bool:
        """Of a layer, or a set of layers of which none is on; what is not known is on."""
        if not self._off or reference is None:
            return False
        if isinstance(reference, PDFObjRef) and reference.objid in self._off:
            return True
        group = resolve1(reference)
        members = _ids(group.get("OCGs")) if isinstance(group, dict) else set()
        return bool(members) and members <= self._off


def _ids(references: object) -> set[int]:
    listed = references if isinstance(references, PDFObjRef) else None
    if listed is not None and not isinstance(resolve1(listed), list):
        return {listed.objid}
    found = resolve1(references)
    members = found[:_MOST] if isinstance(found, list) else []
    return {each.objid for each in members if isinstance(each, PDFObjRef)}
