"""Refused deliveries: who is told, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.errors import Missing
from dashboards.errors import NotAllowed
from dashboards.work.deliveries import RefusedDelivery
from dashboards.work.deliveries import foundation_of
from dashboards.work.deliveries import keep_refusal
from dashboards.work.deliveries import see_refusal
from dashboards.work.deliveries import unseen_refusals
from dashboards.work.people import roles_of
from ledger import tables

if TYPE_CHECKING:
    from tests.unit.dashboards.district import District

MEER = "00000000000000aa"
KEY = "a" * 64


def refuse(district: District, foundation: str | None, code: str = "unknown_format") -> None:
    """Keep a refusal."""
    keep_refusal(district.installation, RefusedDelivery(KEY, foundation, "x.xml", code, None, district.now))


def told(district: District, who: str) -> list[str]:
    """Return the codes that somebody is told."""
    with district.installation.store.reading() as connection:
        return [one.code for one in unseen_refusals(connection, roles_of(connection, district.ids[who]))]


@pytest.mark.parametrize(
    ("foundation", "who"), [(MEER, {"treasurer"}), ("00000000000000bb", {"other"}), (None, {"officer", "head"})]
)
def test_one_is_told_who_can_do_something(district: District, foundation: str | None, who: set[str]) -> None:
    """A foundation's treasurer, or the district where nobody can tell whose it is."""
    refuse(district, foundation)
    people = ("treasurer", "signatory", "other", "officer", "head")
    assert {name for name in people if told(district, name)} == who


def test_what_was_seen_is_told_no_more(district: District) -> None:
    """The first who saw it stays; refused again it is told again, once."""
    refuse(district, MEER)
    person = district.ids["treasurer"]
    see_refusal(district.installation, person, KEY, district.now)
    see_refusal(district.installation, person, KEY, district.later(days=1))
    assert told(district, "treasurer") == []
    assert district.rows(tables.refused_delivery)[0].seen_at < district.now
    refuse(district, MEER, "account_closed")
    assert told(district, "treasurer") == ["account_closed"]


def test_others_see_nothing_away(district: District) -> None:
    """What is told to a treasurer is no officer's to put aside, and the other way round."""
    for foundation, who in ((MEER, "officer"), (MEER, "signatory"), (None, "treasurer")):
        refuse(district, foundation)
        with pytest.raises(NotAllowed, match="Your role does not allow this"):
            see_refusal(district.installation, district.ids[who], KEY, district.now)
    with pytest.raises(Missing, match="This is not here"):
        see_refusal(district.installation, district.ids["treasurer"], "b" * 64, district.now)


def test_a_foundation_is_found_by_its_accounts(district: District) -> None:
    """Of one foundation, or it is not said whose a file is."""
    with district.installation.store.reading() as connection:
        assert foundation_of(connection, {"NL02ABNA0123456789", "NL91ABNA0417164300"}) == MEER
        assert foundation_of(connection, set()) is None
