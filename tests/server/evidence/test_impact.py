"""Rates and ratios as the rule counts them, and no number that would tell of one person."""

from __future__ import annotations

import pytest

from server.evidence.impact import Declared, Impact, Race, Sex, Table, impact


def group(sex: Sex | None, race: Race | None, selected: int, declined: int) -> list[Declared]:
    return [Declared(sex, race, True, selected), Declared(sex, race, False, declined)]


def table(of: Impact, dimension: str) -> Table:
    return next(one for one in of.tables if one.dimension == dimension)


def rows(of: Table) -> dict[tuple[str, ...], tuple[int | None, float | None, float | None]]:
    return {one.category: (one.people, one.rate, one.ratio) for one in of.rows}


def test_rates_and_ratios_by_sex_race_and_both() -> None:
    found = impact(
        [
            *group("female", "asian", 10, 30),
            *group("female", "white", 10, 10),
            *group("male", "asian", 20, 20),
            *group("male", "white", 15, 5),
            *group(None, "white", 3, 2),
            *group(None, None, 7, 8),
        ]
    )
    assert (found.decided, found.selected) == (140, 65)
    by_sex = table(found, "sex")
    assert by_sex.unknown == 20
    assert rows(by_sex) == {
        ("female",): (60, 20 / 60, pytest.approx((20 / 60) / (35 / 60))),
        ("male",): (60, 35 / 60, 1.0),
    }
    by_race = table(found, "race")
    assert rows(by_race)["white",][:2] == (45, 28 / 45)
    assert by_race.unknown == 15
    both = table(found, "both")
    people, rate, ratio = rows(both)["asian", "female"]
    assert (people, rate) == (40, 0.25)
    assert ratio == pytest.approx(0.25 / 0.75)
    assert both.unknown == 20
    assert next(one.category for one in both.rows) == ("white", "female"), "in the rule's order"


def test_a_small_cell_is_withheld_and_cannot_be_counted_from_the_others() -> None:
    found = impact(
        [*group("female", None, 20, 20), *group("male", None, 10, 20), *group("other", None, 1, 1)]
    )
    by_sex = {one.category[0]: one.withheld for one in table(found, "sex").rows}
    assert by_sex == {"female": False, "male": True, "other": True}
    shown = rows(table(found, "sex"))
    assert shown["other",] == shown["male",] == (None, None, None)


def test_a_cell_that_holds_everybody_who_went_on_is_withheld() -> None:
    """Those who decide know who went on: of each of them they would learn it."""
    found = impact(
        [
            *group("female", "asian", 6, 20),
            *group("male", "white", 0, 20),
            *group("male", "black", 0, 9),
        ]
    )
    assert all(one.withheld for one in table(found, "sex").rows)
    shown = [one.category for one in table(found, "race").rows if not one.withheld]
    assert shown == [("white",)], "one more is withheld, or the first could be counted"


def test_of_few_people_nothing_is_shown() -> None:
    assert impact(group("female", "asian", 9, 10)) == Impact(19, 9, [])
    assert impact([]) == Impact(0, 0, [])


def test_a_share_below_two_percent_is_marked() -> None:
    found = impact(
        [
            *group("female", None, 200, 200),
            *group("male", None, 100, 200),
            *group("other", None, 2, 4),
        ]
    )
    small = {one.category[0]: one.small for one in table(found, "sex").rows}
    assert small == {"female": False, "male": False, "other": True}
