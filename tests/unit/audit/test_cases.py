"""Cases and identities: what belongs together, and that nobody outside can guess a name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from audit.cases import CaseKey
from audit.cases import case_identity
from audit.cases import case_keys
from audit.cases import case_of
from audit.cases import flag_identity
from audit.cases import group
from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import day
from audit.examples import payment
from audit.frames import payments_frame
from audit.rule import Hit
from audit.rule import Severity

SECRET = bytes(32)


def _hit(rule: str, *subjects: int, severity: Severity = "medium") -> Hit:
    """Return a hit without evidence."""
    return Hit(rule, subjects, severity, {})


def _keys(*rows: dict[str, object]) -> dict[int, CaseKey]:
    """Return the cases of payments of the foundation meer."""
    return case_keys("meer", payments_frame(rows))


def test_a_flags_identity_is_a_known_hmac() -> None:
    """The identity never changes between versions: a vector computed apart holds it."""
    # printf '["buurtkas/flag/1","PAY-01","meer",[3,7]]' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00..00
    assert (
        flag_identity(SECRET, "PAY-01", "meer", (7, 3))
        == "c6fe20b345842e8956962eeabc69f61d7b38b65bfc45a66c6385a1f6adfe4e7a"
    )


def test_a_case_identity_is_a_known_hmac() -> None:
    """The identity of a case follows its key alone."""
    assert (
        case_identity(SECRET, CaseKey("meer", "iban", ZON, "2026-W11"))
        == "7d9cd5d7df6a17c4670adb2f3f5908baa6adbd1dc61d4fb75a46c5989547122e"
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 2**40), min_size=1), st.randoms())
def test_the_order_of_subjects_does_not_matter(subjects: list[int], chance: object) -> None:
    """The same subjects in any order, even twice, are the same flag."""
    shuffled = [*subjects, subjects[0]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    assert flag_identity(SECRET, "R", "meer", subjects) == flag_identity(SECRET, "R", "meer", shuffled)


def test_another_secret_rule_foundation_or_subject_is_another_flag() -> None:
    """Each of the four counts."""
    identities = {
        flag_identity(SECRET, "PAY-01", "meer", (1,)),
        flag_identity(b"other", "PAY-01", "meer", (1,)),
        flag_identity(SECRET, "PAY-02", "meer", (1,)),
        flag_identity(SECRET, "PAY-01", "plas", (1,)),
        flag_identity(SECRET, "PAY-01", "meer", (2,)),
        flag_identity(SECRET, "PAY-01", "meer", (1, 2)),
    }
    assert len(identities) == 6


def test_all_flags_of_one_payment_form_one_case() -> None:
    """Three rules on one payment give one case with the gravest severity."""
    hits = [_hit("PAY-07", 1), _hit("PAY-01", 1, severity="high"), _hit("PAY-02", 1, severity="low")]
    (case,) = group("meer", hits, _keys(payment(1)))
    assert [flag.rule for flag in case.flags] == ["PAY-01", "PAY-02", "PAY-07"]
    assert case.severity == "high"


def test_one_payee_in_one_iso_week_is_one_case() -> None:
    """Monday and Sunday of a week join, the next Monday does not, nor does another account."""
    keys = _keys(
        payment(1, booked_on=day("2025-12-29")),
        payment(2, booked_on=day("2026-01-04")),
        payment(3, booked_on=day("2026-01-05")),
        payment(4, booked_on=day("2025-12-29"), iban=STRANGER),
    )
    assert keys[1] == keys[2] == CaseKey("meer", "iban", ZON, "2026-W01")
    assert len({keys[1], keys[3], keys[4]}) == 3


def test_without_an_account_the_name_counts_in_any_spelling() -> None:
    """Case, accents and spaces do not part one merchant into two."""
    keys = _keys(
        payment(1, iban=None, name="CAFÉ  Maan"), payment(2, iban=None, name="Cafe maan"), payment(3, iban=None)
    )
    assert keys[1] == keys[2]
    assert keys[1] != keys[3]


def test_a_payment_that_names_nobody_stands_alone() -> None:
    """Two batches without details in one week are two cases."""
    keys = _keys(payment(1, iban=None, name=None), payment(2, iban=None, name=" "))
    assert keys[1] == CaseKey("meer", "payment", "1")
    assert keys[2] == CaseKey("meer", "payment", "2")


def test_a_flag_on_a_statement_is_its_own_case() -> None:
    """What is no payment stands alone; several payments belong to the earliest."""
    keys = _keys(payment(1), payment(2, iban=STRANGER))
    assert case_of("meer", (9,), keys) == CaseKey("meer", "statement", "9")
    assert case_of("meer", (2, 1), keys) == keys[1]


def test_cases_come_in_order_of_their_keys() -> None:
    """The same hits in another order give the same cases."""
    keys = _keys(payment(1), payment(2, iban=STRANGER))
    hits = [_hit("PAY-01", 2), _hit("BNK-01", 9), _hit("PAY-01", 1)]
    assert group("meer", hits, keys) == group("meer", hits[::-1], keys)
    assert len(group("meer", hits, keys)) == 3
