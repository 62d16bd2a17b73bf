"""Positioned words -> structured résumé: lines, columns, sections, then what they say."""

from __future__ import annotations

from workers.reading.reader import read_resume

__all__ = ["read_resume"]
