"""Making texts of payments public: proposed, changed by word, released, read by everybody, and hidden again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

import pytest

from dashboards.desks import texts
from dashboards.work import releasing
from dashboards.work.errors import ReleaseRefused
from dashboards.work.releasing import Asked
from dashboards.work.releasing import release
from ledger import tables
from ledger.check_views import verify_installation
from ledger.erasing import Erasure
from ledger.erasing import erase
from ledger.rebuild import rebuild

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

MEER, EIK = "00000000000000aa", "00000000000000bb"
TEXTS = "/bureau/meer/teksten"
GONE = "\N{BLACK VERTICAL RECTANGLE}"


def pay(district: District, text: str | None, name: str = "Mw. J. Knoopkruid", foundation: str = MEER) -> int:
    """Book a payment with a text and return its place."""
    public: dict[str, Any] = {"account": "00000000000000d1", "statement": 1, "line": 0, "booked_on": "2026-10-20"}
    public |= {"valued_on": None, "amount": -500, "currency": "EUR"}
    private: dict[str, Any] = {"name": name, "iban": "NL20INGB0001234567", "text": text, "counter": None}
    private |= {"refs": {}, "code": None, "parts": []}
    return district.append(f"foundation/{foundation}", "transaction", public, private).seq


def shown(district: District, seq: int, foundation: str = MEER) -> str | None:
    """What everybody reads of a payment's text."""
    rows = {(row.foundation, row.seq): row.text for row in district.rows(tables.movement)}
    found: str | None = rows[foundation, seq]
    return found


def hidden_words(page: str, seq: int) -> list[str]:
    """The words of a text that are blacked out on a page."""
    boxes = re.findall(rf'name="hide-{seq}" value="\d+"( checked)?><label[^>]*><bdi>([^<]*)</bdi>', page)
    return [word for checked, word in boxes if checked]


def test_a_text_is_released_as_it_was_proposed(browse: Callable[[str], Browser], district: District) -> None:
    """The name is blacked out; the log holds the ranges, the book the shown text, and everything holds."""
    seq, other = pay(district, "taart van Knoopkruid, 06-12345678"), pay(district, "hout")
    browser, size = browse("treasurer"), district.size()
    page = browser.get(f"/en{TEXTS}")
    assert hidden_words(page, seq) == ["Knoopkruid,", "06-12345678"]
    assert hidden_words(page, other) == []
    where = browser.post(f"/en{TEXTS}", **{"release": str(seq), f"hide-{seq}": ["2", "3"]})  # type: ignore[arg-type] # several values
    assert "1 text is public now" in re.sub(r"<[^>]+>", "", browser.get(where))
    assert shown(district, seq) == f"taart van {GONE}"
    assert shown(district, other) is None
    assert district.types(size) == ["text released", "disclosed"]
    assert verify_installation(district.installation).problems == ()
    before = district.rows(tables.movement)
    rebuild(district.installation.store)
    assert district.rows(tables.movement) == before


def test_the_treasurer_decides_by_word(browse: Callable[[str], Browser], district: District) -> None:
    """Several at once; what was proposed can be shown and more can be hidden."""
    first, second = pay(district, "taart van Vlier", "Bakker"), pay(district, "dhr Jansen klusje")
    browser = browse("treasurer")
    browser.get(TEXTS)
    form: Any = {"release": [str(first), str(second)], f"hide-{first}": "0", f"hide-{second}": ["0", "1"]}
    browser.post(TEXTS, **form)
    assert shown(district, first) == f"{GONE} van Vlier"
    assert shown(district, second) == f"{GONE} klusje"


def test_a_text_is_released_anew_and_hidden_again(browse: Callable[[str], Browser], district: District) -> None:
    """What was shown before is withdrawn; hiding leaves nothing, and twice is told."""
    seq, browser = pay(district, "taart van Vlier", "Bakker"), browse("treasurer")
    browser.get(TEXTS)
    browser.post(TEXTS, release=str(seq))
    size = district.size()
    assert "taart van Vlier" in browser.get(TEXTS)
    browser.post(TEXTS, **{"release": str(seq), f"hide-{seq}": "2"})
    assert shown(district, seq) == f"taart van {GONE}"
    assert hidden_words(browser.get(TEXTS), seq) == ["Vlier"]
    assert district.types(size) == ["withdrawn", "text released", "disclosed"]
    assert [row.value for row in district.rows(tables.disclosure) if row.field == "shown"] == [f'"taart van {GONE}"']
    assert browser.post(f"{TEXTS}/{seq}/verbergen?zoek=taart") == f"{TEXTS}?zoek=taart"
    assert shown(district, seq) is None
    browser.post(f"{TEXTS}/{seq}/verbergen", 409)
    assert verify_installation(district.installation).problems == ()


def test_an_erased_text_is_gone_from_everywhere(browse: Callable[[str], Browser], district: District) -> None:
    """From the payment, from the list, and from the public record."""
    seq, browser = pay(district, "taart van Vlier", "Bakker"), browse("treasurer")
    browser.get(TEXTS)
    browser.post(TEXTS, release=str(seq))
    erase(district.installation.store, Erasure(f"foundation/{MEER}", "request", ((seq, "text"),)), district.now)
    assert shown(district, seq) is None
    assert "Vlier" not in browser.get(TEXTS)
    assert all("Vlier" not in row.value for row in district.rows(tables.disclosure))
    browser.post(TEXTS, 409, release=str(seq))
    assert verify_installation(district.installation).problems == ()


def test_nothing_is_released_of_which_nothing_is_left(browse: Callable[[str], Browser], district: District) -> None:
    """The summary leads to the text; other choices stand as they were, and none is released."""
    first, second = pay(district, "Knoopkruid !"), pay(district, "hout en verf")
    browser = browse("treasurer")
    browser.get(TEXTS)
    form: Any = {"release": [str(first), str(second)], f"hide-{first}": "0", f"hide-{second}": "2"}
    page = browser.post(TEXTS, 422, **form)
    assert f'href="#release-{first}"' in page
    assert hidden_words(page, second) == ["verf"]
    assert f'value="{second}" checked' in page
    page = browser.post(TEXTS, 422)
    assert 'href="#release-' in page
    assert {row.text for row in district.rows(tables.movement)} == {None}


def test_only_texts_of_payments_are_there(browse: Callable[[str], Browser], district: District) -> None:
    """Not another foundation's, not a payment without one, not another entry: all or nothing."""
    good, without = pay(district, "hout"), pay(district, None)
    foreign = pay(district, "Vreemd", foundation=EIK)
    browser = browse("treasurer")
    page = browser.get(TEXTS)
    assert f'value="{good}"' in page
    assert f"release-{without}" not in page
    assert "Vreemd" not in page
    size = district.size()
    for seq in (without, 0, 99_999_999):
        browser.post(TEXTS, 409, release=[str(good), str(seq)])  # type: ignore[arg-type] # several values
    browser.post(TEXTS, 422, release=["x", "1" * 20])  # type: ignore[arg-type] # several values
    assert district.size() == size
    assert shown(district, foreign, EIK) is None


def test_texts_are_searched_and_those_of_one_statement_listed(
    browse: Callable[[str], Browser], district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name or text, whatever the case; of the statements that the address names; in pages."""
    monkeypatch.setattr(texts, "ON_A_PAGE", 2)
    seqs = [pay(district, f"hout 100% {word}", name) for word, name in (("eik", "Zon"), ("den", "Zon"), ("es", "Maan"))]
    browser = browse("treasurer")

    def listed(query: str) -> list[int]:
        return [int(found) for found in re.findall(r'id="release-(\d+)"', browser.get(f"{TEXTS}?{query}"))]

    assert listed("") == seqs[:0:-1]
    assert listed("bladzijde=2") == listed("bladzijde=99") == seqs[:1]
    assert listed("zoek=ZON") == seqs[1::-1]
    assert listed("zoek=100%25+es") == [seqs[2]]
    assert listed("zoek=abcdef0") == []
    assert listed("zoek=NL20INGB") == []
    assert listed("afschrift=1&afschrift=7") == seqs[:0:-1]
    assert listed("afschrift=7") == []
    where = browser.post(f"{TEXTS}?afschrift=1&bladzijde=2", release=str(seqs[0]))
    assert "afschrift=1" in where
    assert "bladzijde=2" in where


@pytest.mark.parametrize("query", ["vanaf=1", "vanaf=999999", "vanaf=x", "vanaf=-1"])
def test_an_address_made_up_says_nothing_untrue(
    browse: Callable[[str], Browser], district: District, query: str
) -> None:
    """Whatever it names, only what is released counts."""
    pay(district, "hout")
    assert 'role="status"' not in browse("treasurer").get(f"{TEXTS}?{query}")


def test_a_signatory_looks_and_releases_nothing(browse: Callable[[str], Browser], district: District) -> None:
    """The page opens without a form for it."""
    seq, browser = pay(district, "hout"), browse("signatory")
    page = browser.get(TEXTS)
    assert "hout" in page
    assert "release" not in page
    browser.post(TEXTS, 403, release=str(seq))
    browser.post(f"{TEXTS}/{seq}/verbergen", 403)


@pytest.mark.parametrize("who", ["other", "owner", "officer", "head", "nobody"])
def test_nobody_else_reads_texts(browse: Callable[[str], Browser], district: District, who: str) -> None:
    """They are the foundation's own."""
    seq, browser, size = pay(district, "hout"), browse(who), district.size()
    browser.get(TEXTS, 403)
    browser.post(TEXTS, 403, release=str(seq))
    browser.post(f"{TEXTS}/{seq}/verbergen", 403)
    assert district.size() == size


def test_a_form_without_its_token_is_refused(browse: Callable[[str], Browser], district: District) -> None:
    """Another site releases nothing in somebody's name."""
    seq, browser = pay(district, "hout"), browse("treasurer")
    browser.token = "wrong"
    browser.post(TEXTS, 400, release=str(seq))
    browser.post(f"{TEXTS}/{seq}/verbergen", 400)
    assert shown(district, seq) is None


@pytest.mark.parametrize("ranges", [((0, 9),), ((3, 3),), ((2, 1),), ((1, 3), (2, 4)), ((0, 4),)])
def test_ranges_lie_within_the_text(district: District, ranges: tuple[tuple[int, int], ...]) -> None:
    """In order, not empty, and something is left: else nothing is released."""
    seq = pay(district, "hout")
    size = district.size()
    with pytest.raises(ReleaseRefused, match=f"payment {seq} is not released"):
        release(district.installation, MEER, {seq: ranges}, district.ids["treasurer"], district.now)
    assert district.size() == size


def test_the_register_of_private_payees_is_known(browse: Callable[[str], Browser], district: District) -> None:
    """A private payee's name in another payment's text is proposed too; an organisation's is not."""
    treasurer = browse("treasurer")
    treasurer.get("/bureau/meer/begunstigden/nieuw")
    for name, kind, iban in (
        ("P. Wolfspoot", "person", "NL20INGB0001234567"),
        ("Zon", "organisation", "NL91ABNA0417164300"),
    ):
        form = {"name": name, "iban": iban, "kvk": "", "kind": kind, "starts": "2026-10-01"}
        treasurer.post("/bureau/meer/begunstigden/nieuw", **form)
    pay(district, "hout bij Zon voor wolfspoot", "Bouwmarkt")
    with district.installation.store.reading() as connection:
        (line,) = releasing.texts(connection, MEER, Asked(), limit=9)
    assert line.known == ("Bouwmarkt", "P. Wolfspoot")
