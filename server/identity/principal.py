"""Who may call, and what each of them may do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Protocol, get_args
from uuid import UUID

from server.store.client_secrets import ClientSecret
from server.store.interviews import StoredInterview
from server.store.invitations import StoredInvitation
from server.store.scope import LOCAL
from server.store.shares import Share

Role = Literal["admin", "recruiter", "interviewer", "viewer"]
Right = Literal[
    "see", "prepare", "correct", "listen", "step_in", "delete", "plan", "rate", "measure", "manage"
]  # fmt: skip
"""``see`` résumés, openings and interviews, also live; ``prepare`` interviews: upload, create;
``correct`` what was read; ``listen`` to recordings, and to an interview that runs; ``step_in`` to
one; ``delete`` recordings and people; ``plan``: templates, openings, invitations; ``rate``
interviews: scorecards and notes; ``measure``: the server's figures; ``manage`` members and keys."""

Rights = frozenset[Right]

ALL: Final[Rights] = frozenset(get_args(Right))
SCOPES: Final[Rights] = ALL - {"manage", "rate"}
"""What an API key can be given: none makes further keys or members, and no program rates people."""

OF_ROLE: Final[dict[Role, Rights]] = {
    "admin": ALL,
    "recruiter": frozenset(
        {"see", "prepare", "correct", "listen", "step_in", "delete", "plan", "rate"}
    ),
    "interviewer": frozenset({"see", "prepare", "listen", "step_in", "rate"}),
    "viewer": frozenset({"see"}),
}
OPEN: Final[Rights] = frozenset({"see", "prepare", "measure", "step_in"})


class Kept(Protocol):
    """Something of an organisation's."""

    @property
    def id(self) -> UUID: ...
    @property
    def organisation_id(self) -> UUID: ...


class Outsider(ABC):
    """Has no account and no key, and no right: what they may is said route by route."""

    __slots__ = ()
    rights: ClassVar[Rights] = frozenset()
    called: ClassVar[str]

    @property
    @abstractmethod
    def came_by(self) -> Kept:
        """What lets them in."""

    @property
    def organisation(self) -> UUID:
        return self.came_by.organisation_id

    @property
    def name(self) -> str:
        return f"{self.called} {self.came_by.id}"


@dataclass(frozen=True, slots=True)
class Candidate(Outsider):
    """Of one interview, by its token or by the link of an invitation."""

    interview: StoredInterview
    invitation: StoredInvitation | None = None
    called: ClassVar[str] = "candidate"

    @property
    def came_by(self) -> StoredInterview:
        return self.interview


@dataclass(frozen=True, slots=True)
class SecretBearer(Outsider):
    """A browser with a client secret: it may connect to the interview as its candidate, once, and
    nothing else."""

    interview: StoredInterview
    secret: ClientSecret
    called: ClassVar[str] = "client secret"

    @property
    def came_by(self) -> ClientSecret:
        return self.secret


@dataclass(frozen=True, slots=True)
class Guest(Outsider):
    """Came by the link of an invitation that leads to no interview: not yet, or not any more."""

    invitation: StoredInvitation
    called: ClassVar[str] = "guest"

    @property
    def came_by(self) -> StoredInvitation:
        return self.invitation


@dataclass(frozen=True, slots=True)
class Colleague(Outsider):
    """Came by a link that shares one interview, and may read what it shares."""

    share: Share
    called: ClassVar[str] = "share"

    @property
    def came_by(self) -> Share:
        return self.share


@dataclass(frozen=True, slots=True)
class Member:
    """A user who signed in. ``csrf``: what our pages send along with what changes something.
    ``codes_missing``: their organisation requires one-time codes; until they have set them they
    may do nothing but that."""

    user_id: UUID
    organisation: UUID
    role: Role
    session_id: UUID
    csrf: str
    codes_missing: bool = False

    @property
    def rights(self) -> Rights:
        return frozenset() if self.codes_missing else OF_ROLE[self.role]

    @property
    def name(self) -> str:
        return f"user {self.user_id}"


@dataclass(frozen=True, slots=True)
class KeyBearer:
    """A program with an API key."""

    key_id: UUID
    organisation: UUID
    rights: Rights

    @property
    def name(self) -> str:
        return f"key {self.key_id}"


@dataclass(frozen=True, slots=True)
class Interviewer:
    """Has the key of this installation, VIVA_INTERVIEWER_KEY."""

    organisation: ClassVar[UUID] = LOCAL
    rights: ClassVar[Rights] = SCOPES | {"rate"}
    name: ClassVar[str] = "interviewer"


@dataclass(frozen=True, slots=True)
class Anybody:
    """Whoever reaches a viva that nobody has an account at yet, which only this machine can."""

    organisation: ClassVar[UUID] = LOCAL
    rights: ClassVar[Rights] = OPEN
    name: ClassVar[str] = "anybody"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Showed nothing that is known here."""

    organisation: ClassVar[None] = None
    rights: ClassVar[Rights] = frozenset()
    name: ClassVar[str] = "stranger"


Principal = (
    Candidate
    | SecretBearer
    | Guest
    | Colleague
    | Member
    | KeyBearer
    | Interviewer
    | Anybody
    | Stranger
)
