"""Alarms: who is told what, nothing private, and each flag once to each, crashes or not."""

from __future__ import annotations

import email
from collections import Counter
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.work import alarms
from dashboards.work.alarms import write_alarms
from dashboards.work.ordinary import changing
from ledger import tables

if TYPE_CHECKING:
    from email.message import EmailMessage
    from types import ModuleType

    from tests.unit.dashboards.district import District

NAME, IBAN = "Gijs Hermelijn", "NL20INGB0001234567"


@pytest.fixture
def about(district: District) -> int:
    """A payment that flags can be about."""
    return district.pay(NAME, IBAN)


def told(district: District) -> list[EmailMessage]:
    """Return the messages in the outbox."""
    files = sorted((district.installation.directory / "outbox").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in files]


def addressees(district: District) -> list[str]:
    """Return who was told, in order."""
    return sorted(str(message["To"]) for message in told(district))


def ring(district: District) -> int:
    """Write the alarms."""
    return write_alarms(district.installation, district.now)


def test_a_grave_flag_is_told_to_the_district_and_the_second_signatory(district: District, about: int) -> None:
    """Not to the treasurer, not to an officer with a tie, not to another foundation's people."""
    district.flag("PAY-01", "high", about)
    assert ring(district) == 4
    assert addressees(district) == [f"{who}@meer.example" for who in ("head", "officer", "second", "signatory")]


def test_a_message_holds_what_kind_and_where_and_nothing_private(district: District, about: int) -> None:
    """In Dutch, readable by any mailer; no name, no account, no amount, no address of another."""
    district.flag("PAY-01", "high", about)
    district.flag("PAY-01", "critical", about)
    ring(district)
    for message in told(district):
        text = message.get_content()
        assert "Stichting Kievitsmeer" in message["Subject"]
        assert "(2x)" in text
        assert "https://buurtkas.example/proef/bureau/signalen" in text
        assert "U krijgt dit bericht" in text
        for private in (NAME, IBAN, "300", "@", "Doutzen"):
            assert private not in text
        assert message["Date"].datetime == district.now
        assert message["From"] == "buurtkas@buurtkas.example"


def test_each_flag_is_told_once(district: District, about: int) -> None:
    """A second look tells nobody again, also where a mailer has taken the messages; a new flag is told."""
    district.flag("PAY-01", "high", about)
    ring(district)
    for path in (district.installation.directory / "outbox").glob("*.eml"):
        path.unlink()
    assert ring(district) == 0
    district.flag("PAY-02", "high", about)
    assert ring(district) == 4


def test_what_is_not_grave_waits_for_the_desk(district: District, about: int) -> None:
    """But silence and balances that do not fit are told whatever their severity."""
    district.flag("PAY-07", "medium", about)
    assert ring(district) == 0
    district.flag("BNK-06", "medium", about)
    assert ring(district) == 4


def test_a_flag_that_became_grave_is_told_once(district: District, about: int, made_up: ModuleType) -> None:
    """Like a new one; a flag that weighs more but is not grave waits for the desk still."""
    book = f"foundation/{made_up.MEER}"
    flag = district.flag("PAY-07", "low", about)
    assert ring(district) == 0
    for severity, messages in (("medium", 0), ("high", 4)):
        raised = {"flag": flag, "level": severity, "status": "open"}
        district.append(book, "flag severity raised", raised, {"severity": severity})
        assert ring(district) == messages
        assert ring(district) == 0


def test_a_flag_that_is_over_is_not_told(district: District, about: int, made_up: ModuleType) -> None:
    """An alarm is about something to look at."""
    flag = district.flag("PAY-01", "high", about)
    ruled = {"flag": flag, "status": "accepted", "outcome": "accepted"}
    district.append(f"foundation/{made_up.MEER}", "flag ruled", ruled, {"reason": None})
    assert ring(district) == 0


def test_alarms_wait_until_somebody_stands_for_the_district(district: District, about: int) -> None:
    """They are never only for people of the foundation itself."""
    for who, role in (("officer", "officer"), ("second", "officer"), ("tied", "officer"), ("head", "head")):
        district.end_role(who, role)
    district.flag("PAY-01", "high", about)
    assert ring(district) == 0
    district.role("nobody", "officer")
    assert ring(district) == 2
    assert addressees(district) == ["nobody@meer.example", "signatory@meer.example"]


def test_where_everybody_of_the_district_has_a_tie_they_are_told_all_the_same(district: District, about: int) -> None:
    """Somebody outside the foundation must hear of it."""
    for who in ("officer", "second"):
        district.end_role(who, "officer")
    district.end_role("head", "head")
    district.flag("PAY-01", "high", about)
    ring(district)
    assert addressees(district) == ["signatory@meer.example", "tied@meer.example"]


@pytest.mark.parametrize("stop", ["before", "between", "after"])
def test_a_crash_neither_loses_nor_doubles_an_alarm(
    district: District, about: int, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    """While drafts are written, before they count as told, or while they go into the outbox."""
    district.flag("PAY-01", "high", about)

    def broken(*_: object, **__: object) -> None:
        message = "the power is gone"
        raise OSError(message)

    with monkeypatch.context() as patched:
        if stop == "after":
            patched.setattr(Path, "rename", broken)
        else:
            patched.setattr(alarms, {"before": "write_durably", "between": "keep_progress"}[stop], broken)
        with pytest.raises(OSError, match="power"):
            ring(district)
    assert told(district) == []
    ring(district)
    assert len(told(district)) == 4
    assert ring(district) == 0


def test_an_address_that_is_none_stops_nobody(district: District) -> None:
    """The message is there, and the mailer says that it cannot be sent."""
    origin = district.installation.settings.origin
    alarm = alarms.Alarm("00aa", None, Counter({"ZZZ-99": 1}))
    written = alarms._written(origin, alarm, alarms.Addressee("p", "a b@c", alarms.WHY_DISTRICT), district.now)
    assert b"To:" not in written
    assert b"een van de beheerders van het geld" in written


@pytest.mark.parametrize("address", ["a b@c", "a@[>)", "a@b\x00"])
def test_an_odd_address_stops_nobody(district: District, address: str) -> None:
    """Whatever a mailer could not use leaves its line out, and no error behind."""
    alarm = alarms.Alarm("00aa", "Stichting Kievitsmeer", Counter({"PAY-01": 1}))
    to = alarms.Addressee("p", address, alarms.WHY_DISTRICT)
    assert b"Subject:" in alarms._written("buurtkas.example/proef", alarm, to, district.now)


@pytest.mark.parametrize("turn", ["\n", "\r\nBcc: wie@ook.example\r\n", "\u2028", "\x85"])
def test_a_name_on_two_lines_makes_no_line_of_its_own(district: District, about: int, turn: str) -> None:
    """Alarms go out, and what follows in the name is part of the subject."""
    with changing(district.installation.engine) as connection:
        connection.execute(sa.update(tables.foundation).values(name=f"Stichting{turn}Kievitsmeer"))
    district.flag("PAY-01", "high", about)
    assert ring(district) == 4
    for message in told(district):
        assert message["Subject"].endswith(" ".join(f"Stichting{turn}Kievitsmeer".split()))
        assert message["Bcc"] is None
