"""Whoever changes a module finds its tests by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = {"server/realtime": "tests/realtime", "server/store": "tests/server/store"}
ELSEWHERE = {
    "server/realtime/dialects.py": "tests/realtime/test_viva_dialect.py",
    "server/realtime/openai_reception.py": "tests/realtime/test_openai_wire.py",
    "server/realtime/reception.py": "tests/realtime/test_bad_input.py",
    "server/realtime/recording.py": "tests/realtime/test_recorder.py",
    "server/realtime/terms.py": "tests/realtime/test_openai_dialect.py",
    "server/realtime/viva_reception.py": "tests/realtime/test_fuzz.py",
    "server/store/corrections.py": "tests/web/test_review.py",
    "server/store/facts.py": "tests/realtime/test_ledger.py",
    "server/store/interviews.py": "tests/web/test_interviews.py",
    "server/store/leases.py": "tests/realtime/test_leases.py",
    "server/store/outbox.py": "tests/workers/test_lost_jobs.py",
    "server/store/recordings.py": "tests/realtime/test_recorder.py",
    "server/store/resumes.py": "tests/web/test_resumes.py",
    "server/store/templates.py": "tests/web/test_templates.py",
}
"""Modules without a test of their name, and where they are tested. It only ever gets shorter."""


def modules() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for folder in TESTS
        for path in (ROOT / folder).glob("*.py")
        if path.stem != "__init__"
    )


def mirror(module: str) -> str:
    folder, _, name = module.rpartition("/")
    return f"{TESTS[folder]}/test_{name}"


@pytest.mark.parametrize("module", modules())
def test_a_module_has_its_test(module: str) -> None:
    own = (ROOT / mirror(module)).exists()
    assert own is (module not in ELSEWHERE), f"{mirror(module)}, or its place in ELSEWHERE"
    assert own or (ROOT / ELSEWHERE[module]).exists()


def test_what_is_tested_elsewhere_is_there() -> None:
    assert set(ELSEWHERE) <= set(modules())
