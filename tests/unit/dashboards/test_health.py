"""/healthz: what it answers, and that it says no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboards.site import make_site
from dashboards.work import health
from ledger.database import FENCELESS
from tests.unit.dashboards.district import NOW

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.unit.dashboards.district import District


@pytest.fixture
def client(district: District) -> FlaskClient:
    """A client of a site whose entries are signed."""
    district.installation.signer.sign(district.installation.engine)
    return make_site(district.installation, district.clock).test_client()


def test_a_healthy_site_is_live_and_ready(client: FlaskClient) -> None:
    """200, two words, kept nowhere, and no line in the log."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"live": True, "ready": True})
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_not_signed_for_long_is_not_ready(client: FlaskClient, district: District) -> None:
    """A moment is ordinary; minutes are not."""
    district.role("nobody", "officer")
    assert client.get("/healthz").status_code == 200
    district.later(minutes=3)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"live": True, "ready": False})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("DROP TRIGGER entry_no_delete", "fences"),
        ("UPDATE alembic_version SET version_num = '0001'", "shape"),
        ("UPDATE log_head SET size = 1", "signer"),
    ],
)
def test_every_trouble_has_a_name_in_the_log(
    client: FlaskClient, district: District, caplog: pytest.LogCaptureFixture, change: str, name: str
) -> None:
    """The answer does not tell which, for anybody can ask."""
    engine = district.installation.engine
    with engine.connect().execution_options(**FENCELESS) as connection, connection.begin():
        connection.exec_driver_sql(change)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"live": True, "ready": False})
    assert f"not ready: {name}" in caplog.messages


def test_a_database_that_does_not_answer_is_not_live(
    client: FlaskClient, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, and nothing else is asked."""

    def gone() -> None:
        message = "gone"
        raise OSError(message)

    monkeypatch.setattr(district.installation.store, "reading", gone)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"live": False, "ready": False})


def test_entries_wait_from_when_the_first_was_recorded(district: District) -> None:
    """Also before the first checkpoint; then there is nothing yet that a log could fail to continue."""
    district.later(hours=1)
    district.role("nobody", "officer")
    assert health.waiting_since(district.installation) == NOW
    health.check_signer(district.installation)
    district.installation.signer.sign(district.installation.engine)
    assert health.waiting_since(district.installation) is None
