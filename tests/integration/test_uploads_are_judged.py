"""An upload is judged with what it needs of the time before, on either database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.check_views import verify_installation
from tests.unit.audit.books import PAYEES
from tests.unit.audit.books import Books

if TYPE_CHECKING:
    from tests.conftest import MakeInstallation


def test_an_upload_finds_what_looking_at_everything_finds(make_installation: MakeInstallation) -> None:
    """The same bill once more is a hint, four in a row are a series; what used up a decision counts."""
    books = Books(make_installation()).open()
    books.decide(PAYEES[0], 50_000, None, (0, 60))
    books.pay(200_000, [(0, 0, 12_345), (1, 0, 26_000), (2, 2, 700)])
    books.run()
    for before, (day, hints) in enumerate(((6, 1), (12, 2), (18, 0))):
        books.day = day
        books.pay(200_000 - 39_045 - before * 12_345, [(day, 0, 12_345)])
        books.run()
        assert books.standing() == books.everything()
        assert books.hints() == books.all_hints()
        assert len(books.hints()) == hints
    assert {row.private_rule for row in books.flags()} >= {"PAY-07"}
    assert verify_installation(books.installation).ok
