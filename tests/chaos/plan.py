"""Which faults are tried: all of them, or the few that continuous integration has time for."""

from __future__ import annotations

from dataclasses import replace

from tests.chaos.faults import (
    ONE,
    TWO,
    Fault,
    end_server,
    end_server_without_redis,
    freeze,
    freeze_now_and_then,
    kill,
    kill_worker,
    nothing,
    read_only,
    restart_postgres,
    terminate,
)
from tests.chaos.house import POSTGRES, VALKEY, WORKER
from tests.chaos.scenes import Size

REDONE_S = 15.0
"""Within so long a résumé is read again whose worker was killed."""

ENDED_S = 30.0
"""Within so long a server ends that is asked to, whatever else stands still."""

STORED_MS = 100.0
"""From typing an answer to its row, where only Redis stands still."""

BOTH = (ONE, TWO)
REDIS_FROZEN = Fault("Valkey frozen", freeze(VALKEY))
REDIS_NOW_AND_THEN = Fault("Valkey frozen now and then", freeze_now_and_then(VALKEY, 3))
READ_ONLY = Fault("PostgreSQL read-only", read_only)
TERMINATED = Fault("all database connections terminated, over and over", terminate)
MOVING = Fault("candidates move between two servers", nothing, BOTH, moves=True)
WORKER_KILLED = Fault("worker killed", kill_worker)
ENDED_WITHOUT_REDIS = Fault(
    "server ended (SIGTERM) while Valkey is frozen", end_server_without_redis
)

WHOLE = (
    Fault("none", nothing),
    REDIS_FROZEN,
    REDIS_NOW_AND_THEN,
    Fault("worker frozen", freeze(WORKER)),
    Fault("PostgreSQL frozen", freeze(POSTGRES)),
    Fault("PostgreSQL frozen for longer than any query may take", freeze(POSTGRES, times=3)),
    Fault("the only server frozen", freeze(ONE)),
    Fault("one of two servers frozen", freeze(ONE), BOTH),
    Fault("one of two servers frozen for longer than a lease", freeze(ONE, times=4), BOTH),
    Fault("Valkey killed", kill(VALKEY)),
    WORKER_KILLED,
    Fault("the only server killed", kill(ONE)),
    Fault("one of two servers killed", kill(ONE), BOTH),
    TERMINATED,
    Fault("fast restart of PostgreSQL", restart_postgres),
    Fault("postmaster killed", kill(POSTGRES)),
    READ_ONLY,
    Fault("NUL from model and candidate, half surrogates from the model", nothing, dirt="\0"),
    Fault("the same, and the server killed", kill(ONE), dirt="\0"),
    replace(MOVING, name=f"{MOVING.name} (1)"),
    replace(MOVING, name=f"{MOVING.name} (2)"),
    Fault(f"{MOVING.name}, one of which is killed", kill(TWO), BOTH, moves=True),
    ENDED_WITHOUT_REDIS,
)
WHOLE_SIZE = Size()

SHORT = (
    REDIS_FROZEN,
    Fault("PostgreSQL frozen", freeze(POSTGRES)),
    Fault("postmaster killed", kill(POSTGRES)),
    TERMINATED,
    READ_ONLY,
    Fault("one of two servers killed", kill(ONE), BOTH),
    Fault("NUL from model and candidate, half surrogates from the model", end_server, dirt="\0"),
    MOVING,
    WORKER_KILLED,
    ENDED_WITHOUT_REDIS,
)
SHORT_SIZE = Size(interviews=5, spoken=1, answers=5, fault_s=3.0, ends_s=120.0)
