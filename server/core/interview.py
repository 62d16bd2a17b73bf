"""What is fixed of an interview before its first word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from server.core.events import Language
from server.core.pack import Pack, Packs
from server.core.rules import Rules


@dataclass(frozen=True, slots=True)
class Interview:
    """``resume`` is the résumé's structured data, ``packs`` what may be said in which language,
    ``rules`` what its template says."""

    interview_id: str
    target_role: str
    language: Language
    resume: Mapping[str, object] = field(default_factory=dict)
    packs: Packs[Pack] = field(kw_only=True, repr=False, compare=False)
    rules: Rules = field(default_factory=Rules, kw_only=True)

    @property
    def pack(self) -> Pack:
        return self.packs.of(self.language)

    @property
    def family(self) -> str:
        return self.packs.family(self.target_role)

    @property
    def name(self) -> str | None:
        header = self.resume.get("header")
        name = header.get("name") if isinstance(header, Mapping) else None
        return name if isinstance(name, str) and name else None

    @property
    def stated(self) -> Iterator[str]:
        """Every text of the résumé."""
        return _texts(self.resume)

    def identity(self, what: str) -> str:
        """An id that is the same however often the same step is taken."""
        return identified(self.interview_id, what)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | Sequence):
        inside = value.values() if isinstance(value, Mapping) else value
        yield from (text for one in inside for text in _texts(one))


def identified(interview_id: str, what: str) -> str:
    """As ``Interview.identity``, where no more than its id is at hand."""
    return str(uuid5(UUID(interview_id), what))
