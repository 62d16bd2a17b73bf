"""What is measured of calls is there before anything happened, and is told."""

from __future__ import annotations

import pytest

from server import call_metrics, metrics
from server.tables import figures
from tests.web.test_metrics import value


def test_every_figure_is_told_from_the_start_and_stands_in_the_table() -> None:
    told = metrics.exposition().decode()
    for one, values in call_metrics.FIXED.items():
        (family,) = one.describe()
        for label in values:
            assert f'{family.name}_total{{{one._labelnames[0]}="{label}"}}' in told
        assert family.name in figures()
    assert "viva_calls" in figures()


def test_calls_are_looked_up_whenever_somebody_asks() -> None:
    held = [1]
    call_metrics.follow_calls(lambda: len(held))
    assert value("viva_calls") == 1
    held.append(2)
    assert value("viva_calls") == 2


@pytest.mark.parametrize("cause", call_metrics.FIXED[call_metrics.REFUSED_CALLS])
def test_what_is_refused_is_counted_by_its_cause(cause: str) -> None:
    before = value("viva_calls_refused_total", cause=cause)
    call_metrics.call_refused(cause)
    assert value("viva_calls_refused_total", cause=cause) == before + 1
