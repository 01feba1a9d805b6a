"""Putting a backup back: into an empty directory, and into an empty schema where the books live on a server.

It is made beside its place and verified there, and takes its place last, so that what fails leaves nothing that
looks like an installation. Three things come first: the manifest holds, the log holds what is known to
be signed (`reconciling`), and who was erased after the backup is erased again (`ledger.erasing`).

The signer's directory survives apart or is copied apart. With it the log is signed on from where it was. With a
sealed copy of the key, its state is made again from the log. Without either, or where signed entries are
lost, another key signs from here on, and the book says so.

Source: DESIGN "The signer", docs/adr/0015-backups-never-sign.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.util.exc import CommandError

from dashboards.work.archive import unpack
from dashboards.work.backup import CHECKPOINT
from dashboards.work.backup import VKEY
from dashboards.work.errors import BackupDamaged
from dashboards.work.errors import RestoreRefused
from dashboards.work.finishing import sign_rest
from dashboards.work.placing import SIGNER
from dashboards.work.placing import draft_beside
from dashboards.work.placing import move
from dashboards.work.reconciling import fetch_checkpoint
from dashboards.work.reconciling import reconcile
from ledger.check_views import verify_installation
from ledger.checkpoint import VerifierKey
from ledger.checkpoint import open_note
from ledger.copying import copy_in
from ledger.database import open_database
from ledger.entry import DISTRICT
from ledger.environment import surroundings
from ledger.erasing import erase
from ledger.erasing import note_erasure
from ledger.erasing import noted_erasures
from ledger.errors import DirectoryNotEmpty
from ledger.installation import DATABASE
from ledger.installation import SETTINGS
from ledger.installation import Installation
from ledger.installation import everyday_role
from ledger.installation import owning
from ledger.installation import read_settings
from ledger.installation import unless_finished
from ledger.installation import written_settings
from ledger.migrations import NEWEST
from ledger.migrations import upgrade
from ledger.rebuild import rebuild
from ledger.signer import KEY
from ledger.signer import STATE
from ledger.signer import Signer
from ledger.signer import write_durably
from ledger.sqlite import DRIVER
from ledger.store import Store

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from dashboards.work.archive import Manifest
    from dashboards.work.reconciling import Taken
    from ledger.canonical import Json
    from ledger.checkpoint import Checkpoint
    from ledger.environment import Surroundings
    from ledger.installation import Settings

UNKNOWN = (
    "Nothing says how far the log was signed, so that what came after this backup could be lost unseen. Put the "
    "signer's directory in its place ({place}), or name where the newest checkpoint is kept: --checkpoint with the "
    "address of a mirror or a witness, or a file."
)
NO_KEY = (
    "There is no signing key in {place}. Copy the signer's directory or the sealed copy of its key there; or, if the "
    "key is lost, repeat this with --new-key, and tell everybody who verifies the key that is printed then."
)
OTHER_KEY = "The key in {place} is not the one that signed this log. Put the right one there, or use --new-key."
OLD_KEY = (
    "Signed entries are lost, so the old key must not sign again: repeat this with --new-key. The signer's directory "
    "of before is kept beside the new one."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asks for.

    Attributes:
        checkpoint: Where the newest checkpoint is kept outside; None where only the signer's own state says it.
        new_key: Sign with another key from here on.
        loss: Why signed entries may be lost; None where they may not.
    """

    checkpoint: str | None = None
    new_key: bool = False
    loss: str | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        size: How many entries the backup held.
        lost: How many signed entries it did not hold.
        vkey: The key for verifiers from here on.
    """

    made: str
    size: int
    files: int
    lost: int
    vkey: str


def restore(backup: Path, directory: Path, now: dt.datetime, wish: Wish) -> Restored:
    """Put a backup back into a directory that holds nothing but, perhaps, the signer's.

    Raises:
        DirectoryNotEmpty: Something else is there.
        BackupDamaged: The backup is not what was written, or its books do not verify.
        RestoreRefused: It does not hold what was signed, that is not known, or there is no key.
        SchemaTaken: The schema on the server holds something.
    """
    around = surroundings()
    place = around.signer_directory or directory / SIGNER
    with draft_beside(directory, place) as draft:
        _check_empty(directory)
        manifest = unpack(backup, draft)
        job = _Restoring(draft, place, manifest, around, wish)
        with unless_finished(draft, job.settings.schema, around):
            taken = job.run(now)
            move(draft, directory, place)
    installation = Installation(directory, around=around)
    sign_rest(installation)
    vkey = installation.signer.vkey().text()
    installation.close()
    return Restored(manifest.made, manifest.size, manifest.files, taken.lost, vkey)


class _Restoring:
    """Makes one installation again in a directory beside its place."""

    def __init__(self, draft: Path, place: Path, manifest: Manifest, around: Surroundings, wish: Wish) -> None:
        self.draft = draft
        self.manifest = manifest
        self.around = around
        self.wish = wish
        self.settings: Settings = replace(read_settings(draft), schema=around.new_schema)
        self.place = place
        self.signer = Signer(self.place, self.settings.origin, apart=around.signer_directory is not None)

    def run(self, now: dt.datetime) -> Taken:
        """Fill the database, reconcile, provide a signer, and verify."""
        vkey = VerifierKey.from_text((self.draft / VKEY).read_text(errors="replace"))
        self._fill()
        write_durably(self.draft / SETTINGS, written_settings(self.settings))
        installation = Installation(self.draft, around=self.around)
        try:
            with installation.store.reading() as connection:
                lossy = self.wish.loss is not None
                taken = reconcile(connection, self._known(vkey), self._leaves(), lossy=lossy)
            for erasure in noted_erasures(self.place):
                erase(installation.store, erasure, self._at(installation, now))
            installation.signer = self._provide(vkey, taken)
            if self.wish.new_key:
                self._say(installation, vkey, taken, now)
            report = verify_installation(installation)
            if report.first is not None:
                raise BackupDamaged(f"its books do not verify ({report.first.what})")
        finally:
            installation.close()
        return taken

    def _fill(self) -> None:
        """Bring the copied database to the newest shape, and to where it shall live."""
        copied = self.draft / DATABASE
        engine = open_database(copied)
        try:
            upgrade(engine)
            if self.manifest.shape != NEWEST:
                rebuild(Store(engine, self.settings.origin))
        except (sa.exc.SQLAlchemyError, CommandError, DRIVER.Error) as error:
            raise BackupDamaged("its database cannot be read") from error
        finally:
            engine.dispose()
        if self.settings.schema is None:
            return
        with owning(self.draft, self.settings.schema, self.around) as server:
            upgrade(server, everyday=everyday_role(self.around))
            copy_in(copied, server)
        for path in self.draft.glob(f"{DATABASE}*"):
            path.unlink()

    def _known(self, vkey: VerifierKey) -> Iterator[Checkpoint]:
        """Yield every checkpoint that is known; one of the backup's own is never the only one.

        Raises:
            RestoreRefused: Nothing outside the backup says how far the log was signed.
        """
        own = self.draft / CHECKPOINT
        if own.exists():
            yield open_note(own.read_text(errors="replace"), vkey)
        if (self.place / STATE).exists():
            yield self.signer.signed()
        elif self.wish.checkpoint is None:
            raise RestoreRefused(UNKNOWN.format(place=self.place))
        if self.wish.checkpoint is not None:
            yield fetch_checkpoint(self.wish.checkpoint, vkey)

    def _leaves(self) -> bytes:
        """Return the leaves that the signer kept."""
        return self.signer.signed_leaves() if (self.place / STATE).exists() else b""

    def _provide(self, vkey: VerifierKey, taken: Taken) -> Signer:
        """Return who signs from here on."""
        if self.wish.new_key:
            made = Signer(self.draft / SIGNER, self.settings.origin, apart=self.around.signer_directory is not None)
            made.create()
            for erasure in noted_erasures(self.place):
                note_erasure(made.directory, erasure)
            return made
        if taken.lost:
            raise RestoreRefused(OLD_KEY)
        if not (self.place / KEY).exists():
            raise RestoreRefused(NO_KEY.format(place=self.place))
        if not (self.place / STATE).exists():
            signed = taken.signed.size if taken.signed else 0
            if not self.signer.resume(vkey, taken.leaves[:signed]):
                raise RestoreRefused(OTHER_KEY.format(place=self.place))
        if self.signer.vkey() != vkey:
            raise RestoreRefused(OTHER_KEY.format(place=self.place))
        return self.signer

    def _say(self, installation: Installation, old: VerifierKey, taken: Taken, now: dt.datetime) -> None:
        """Write into the district's book that another key signs, and what was lost."""
        keys: dict[str, Json] = {"old": _hash(old), "new": _hash(installation.signer.vkey())}
        drafts = [installation.store.draft(DISTRICT, "key rotated", keys)]
        if taken.signed is not None and taken.lost:
            lost: dict[str, Json] = {"signed": taken.signed.size, "root": taken.signed.root.hex(), "kept": taken.size}
            drafts.append(installation.store.draft(DISTRICT, "log restored", lost, {"reason": self.wish.loss}))
        with installation.store.writing(self._at(installation, now), confirm_clock=True) as appender:
            appender.extend(drafts)

    def _at(self, installation: Installation, now: dt.datetime) -> dt.datetime:
        """Return the instant to append at: where the clock is played, that of the last entry."""
        last = installation.store.last_recorded()
        return last if last is not None and self.settings.simulated else now


def _hash(key: VerifierKey) -> str:
    """Return the SHA-256 of a public key."""
    return hashlib.sha256(key.public).hexdigest()


def _check_empty(directory: Path) -> None:
    """Refuse a directory with anything in it but the signer's."""
    if directory.exists() and (not directory.is_dir() or any(path.name != SIGNER for path in directory.iterdir())):
        raise DirectoryNotEmpty(directory)
