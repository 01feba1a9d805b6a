"""Proofs, the verify page, and what stands around a page."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.work.verification import VERIFIED
from dashboards.work.verification import last_verification
from dashboards.work.verification import run_verification
from ledger import tables
from ledger.checkpoint import open_note
from ledger.database import FENCELESS
from ledger.merkle import leaf_hash
from ledger.merkle import root_from_path

if TYPE_CHECKING:
    from tests.unit.dashboards.reading.conftest import Village


def test_proof_leads_from_the_bytes_to_the_signed_root(village: Village) -> None:
    """What the page shows is enough to check it by hand, and fits the signed note."""
    line = village.line(-120_00)
    village.sign()
    proof = village.reader.transaction("beemd", line.seq).proof
    assert proof is not None
    leaf = hashlib.sha256(b"\x00" + proof.entry_text.encode()).digest()
    assert leaf.hex() == proof.entry_hash_hex
    root = root_from_path(leaf, proof.index, proof.size, [bytes.fromhex(step) for step in proof.path_hex])
    checkpoint = open_note(proof.checkpoint, village.installation.signer.vkey())
    assert root == checkpoint.root == bytes.fromhex(proof.root_hex)
    assert checkpoint.size == proof.size


def test_line_beyond_the_checkpoint_is_not_signed_yet(village: Village) -> None:
    """A new line has no proof, and the verify page counts what waits."""
    village.sign()
    line = village.line(-120_00)
    assert village.reader.transaction("beemd", line.seq).proof is None
    assert village.reader.verify().unsigned == 1


def test_altered_line_shows_no_proof(village: Village) -> None:
    """Bytes that no longer lead to the signed root are not presented as proven."""
    line = village.line(-120_00)
    village.sign()
    with village.installation.engine.execution_options(**FENCELESS).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_no_update")
        altered = line.data.replace(b'"amount":-12000', b'"amount":-12001')
        change = sa.update(tables.entry).where(tables.entry.c.idx == line.idx)
        connection.execute(change.values(body=altered, hash=leaf_hash(altered)))
    assert village.reader.transaction("beemd", line.seq).proof is None


def test_destroyed_entry_takes_no_page_down(village: Village) -> None:
    """A line whose bytes are no entry any more is shown without proof."""
    line = village.line(-120_00)
    village.sign()
    with village.installation.engine.execution_options(**FENCELESS).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_no_update")
        connection.execute(sa.update(tables.entry).where(tables.entry.c.idx == line.idx).values(body=b"{}"))
    reader = village.reader
    assert reader.transaction("beemd", line.seq).proof is None
    assert reader.verify().sample is None
    assert reader.site().checkpoint is None


def test_sample_is_caught_when_one_cent_changes(village: Village) -> None:
    """The sample's own bytes lead to the root, one cent more does not."""
    village.line(-120_00)
    village.sign()
    sample = village.reader.verify().sample
    assert sample is not None
    path = [bytes.fromhex(step) for step in sample.path_hex]
    leaves = [
        leaf_hash(f"{sample.before}{amount}{sample.after}".encode())
        for amount in (sample.amount, sample.changed_amount)
    ]
    assert [leaf.hex() for leaf in leaves] == [sample.hash_hex, sample.changed_hash_hex]
    roots = [root_from_path(leaf, sample.index, sample.size, path).hex() for leaf in leaves]
    assert roots[0] == sample.root_hex != roots[1]


def test_nothing_is_claimed_before_the_first_check(village: Village) -> None:
    """Without a full check there is no answer, whatever is signed."""
    page = village.reader.verify()
    assert page.at is None
    assert page.sample is None
    assert page.checked == 0
    assert village.reader.home().verdict is None


def test_answer_is_that_of_the_last_full_check(village: Village) -> None:
    """All entries hold; what came afterwards is counted apart and not claimed."""
    village.sign()
    report = run_verification(village.installation, village.now)
    at = village.now
    village.line(-120_00)
    village.audit()
    page, verdict = village.reader.verify(), village.reader.home().verdict
    assert page.ok
    assert (page.checked, page.total, page.at, page.newer) == (report.entries, report.entries, at, 2)
    assert page.rules_at == village.now
    assert page.origin == "buurtkas.example/dauwrijk"
    assert verdict is not None
    assert (verdict.ok, verdict.checked, verdict.total) == (True, report.entries, report.entries)


def test_failure_names_the_first_bad_entry(village: Village) -> None:
    """After tampering the check says which entry is the first that does not hold."""
    line = village.line(-120_00)
    village.sign()
    with village.installation.engine.execution_options(**FENCELESS).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_no_update")
        altered = line.data.replace(b'"amount":-12000', b'"amount":-12001')
        connection.execute(sa.update(tables.entry).where(tables.entry.c.idx == line.idx).values(body=altered))
    assert not run_verification(village.installation, village.now).ok
    page = village.reader.verify()
    assert not page.ok
    assert page.problem is not None
    assert (page.problem.index, page.problem.book, page.problem.seq) == (line.idx, line.book, line.seq)
    assert page.checked == line.idx
    verdict = village.reader.home().verdict
    assert verdict is not None
    assert not verdict.ok


@pytest.mark.parametrize("damaged", ["", "[]", "null", "{}", '{"at": 3}', '{"problems": 1}', '"'])
def test_damaged_outcome_is_no_outcome(village: Village, damaged: str) -> None:
    """A file that cannot be read counts as if no check had run."""
    (village.installation.directory / VERIFIED).write_text(damaged)
    assert last_verification(village.installation) is None
    assert village.reader.verify().at is None


def test_outcome_is_kept_as_plain_json(village: Village) -> None:
    """Other programs can read what the check found."""
    village.sign()
    run_verification(village.installation, village.now)
    kept = json.loads((village.installation.directory / VERIFIED).read_text())
    assert kept["ok"] is True
    assert kept["problems"] == []
    assert kept["checkpoint"]["size"] == kept["entries"]


def test_damaged_checkpoint_is_left_to_the_check(village: Village) -> None:
    """A checkpoint whose signature does not hold takes no page down; pages show no proof by it."""
    line = village.line(-120_00)
    village.sign()
    path = village.installation.directory / "signer" / "checkpoint"
    note = path.read_text()
    place = note.rindex(" ") + 20
    path.write_text(note[:place] + ("B" if note[place] == "A" else "A") + note[place + 1 :])
    reader = village.reader
    assert reader.verify().sample is None
    assert reader.transaction("beemd", line.seq).proof is None
    assert reader.site().checkpoint is None


def test_site_says_that_it_is_simulated_and_how_far_it_is_signed(village: Village) -> None:
    """District, played clock, and the newest checkpoint with the instant it speaks for."""
    village.line(-120_00)
    village.sign()
    site = village.reader.site()
    assert (site.district, site.simulated) == ("Stadsdeel Dauwrijk", True)
    assert site.checkpoint is not None
    assert site.checkpoint.signed_at == village.now
    assert len(site.checkpoint.root_short) == 12
