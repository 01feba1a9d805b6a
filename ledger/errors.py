"""Every failure that Buurtkas itself raises, in one tree.

    BuurtkasError
    +-- MalformedEntry        an entry's bytes or fields are not what its type allows
    +-- UnknownType           no such entry type in that kind of book
    +-- MalformedNote         a checkpoint is not a signed note that can be read
    +-- BadSignature          a checkpoint's signature does not hold
    +-- BadProof              an inclusion or consistency proof does not hold
    +-- ClockRefused          the clock handed in does not fit the log's last instant
    +-- SignerRefused         the database does not continue what was signed before
    |   +-- SignerDamaged     the signer's own key or state cannot be used
    +-- InstallationMissing   there is no installation in that directory
    +-- InstallationExists    there already is one
    +-- FenceMissing          the database lacks a trigger that keeps entries unchangeable
    |   +-- RoleTooMighty     the database role is one that no fence stops
    |   +-- StrangersFound     something else in the database could change, hide or forget entries
    +-- SettingRefused        a setting or an environment variable cannot be used
    +-- JournalRefused        a SQLite file keeps a journal that this SQLite can corrupt
    +-- SchemaTaken           the schema for a new installation holds something already
    +-- DatabaseTrouble       the database could not do it now
    |   +-- DatabaseBusy      others kept writing for too long
    |   +-- DiskFull          there is no room left
    |   +-- DatabaseGone      the server does not answer, or shuts down
    +-- SignatureLate         the signer's process has not signed yet
    +-- SignerRunning         there is a signer's process at work already
    +-- SignerInside          the installation signs by itself
    +-- ShapeRefused          the database is older or newer than this code
    +-- RecordUnreadable      a published record lacks a file, or one is cut short
    +-- DirectoryNotEmpty     something is in the directory that was to be written
    +-- BooksMoved            the books changed between reading and writing; try again
    +-- (importers.errors, audit.errors and dashboards.errors continue the tree)

One class per failure. `code` is stable and fit for programs; the message tells a
person what to do next and never carries personal data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import ClassVar

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


class BuurtkasError(Exception):
    """The root of every error that Buurtkas raises on purpose."""

    code: ClassVar[str] = "error"


class MalformedEntry(BuurtkasError):
    """An entry's bytes or fields are not what its type allows."""

    code = "malformed_entry"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"This entry is not well formed: {what}.")


class UnknownType(BuurtkasError):
    """No such entry type in that kind of book."""

    code = "unknown_type"

    def __init__(self, kind: str, type_: str, version: int) -> None:
        super().__init__(
            f"A {kind} book has no entry type {type_!r} in version {version}. Upgrade Buurtkas, or check the spelling."
        )


class MalformedNote(BuurtkasError):
    """A checkpoint is not a signed note that can be read."""

    code = "malformed_note"

    def __init__(self, what: str) -> None:
        super().__init__(f"This checkpoint cannot be read: {what}. Fetch it again from the installation.")


class BadSignature(BuurtkasError):
    """A checkpoint's signature does not hold."""

    code = "bad_signature"

    def __init__(self, name: str) -> None:
        super().__init__(f"The signature of {name} under this checkpoint does not hold. Do not trust this copy.")


class BadProof(BuurtkasError):
    """An inclusion or consistency proof does not hold."""

    code = "bad_proof"

    def __init__(self, what: str) -> None:
        super().__init__(f"This proof does not hold: {what}.")


class ClockRefused(BuurtkasError):
    """The clock handed in does not fit the log's last instant."""

    code = "clock_refused"

    def __init__(self, now: dt.datetime, last: dt.datetime) -> None:
        behind = now < last
        direction = "behind" if behind else "more than 400 days ahead of"
        remedy = "" if behind else ", or confirm the instant with --confirm-clock"
        super().__init__(
            f"The clock says {now.isoformat()}, {direction} the last entry ({last.isoformat()}). "
            f"Set the machine's clock right{remedy}."
        )


class SignerRefused(BuurtkasError):
    """The database does not continue what was signed before."""

    code = "signer_refused"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Not signed: {what}. The database does not continue what was signed before. "
            "Run `buurtkas verify`, and restore the newest backup if it fails."
        )


class SignerDamaged(SignerRefused):
    """The signer's own key or state cannot be used."""

    code = "signer_damaged"

    def __init__(self, what: str) -> None:
        BuurtkasError.__init__(
            self,
            f"Not signed: {what}. Put the signer's directory back from where it is kept apart; "
            "what it signed is never guessed. Without a copy, see docs/operate.md.",
        )


class InstallationMissing(BuurtkasError):
    """There is no installation in that directory."""

    code = "installation_missing"

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"There is no installation in {directory}. Make one with `buurtkas init`, or name another with --dir."
        )


class InstallationExists(BuurtkasError):
    """There already is an installation in that directory."""

    code = "installation_exists"

    def __init__(self, directory: Path) -> None:
        super().__init__(f"{directory} already holds an installation. Choose another directory with --dir.")


class FenceMissing(BuurtkasError):
    """The database lacks a trigger that keeps entries unchangeable."""

    code = "fence_missing"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            f"The database lacks {', '.join(names)}, so that entries could be changed. "
            "Run `buurtkas upgrade` to make the fences again."
        )


class ShapeRefused(BuurtkasError):
    """The database is older or newer than this code."""

    code = "shape_refused"

    def __init__(self, found: str, known: str) -> None:
        side = "older" if found < known else "newer"
        remedy = {
            "older": "Run `buurtkas upgrade`, which makes a backup first",
            "newer": "Install the version of Buurtkas that made it, or a newer one",
        }
        super().__init__(
            f"The database has shape {found or 'none'}, {side} than shape {known}, which this version works with. "
            f"{remedy[side]}."
        )


class RoleTooMighty(FenceMissing):
    """The database role is one that no fence stops.

    Args:
        what: What it is or may do.
    """

    code = "role_too_mighty"

    def __init__(self, what: str) -> None:
        BuurtkasError.__init__(
            self,
            f"The role in the database's address {what}, so that nothing keeps it from changing entries. "
            "Make an ordinary role, and name that one in BUURTKAS_DATABASE_URL.",
        )


class StrangersFound(FenceMissing):
    """Something in the database that Buurtkas did not make could change, hide or forget entries.

    Args:
        names: What stands there.
    """

    code = "strangers_found"

    def __init__(self, names: tuple[str, ...]) -> None:
        BuurtkasError.__init__(
            self,
            f"In the database stands what Buurtkas did not make, and what could change, hide or forget entries: "
            f"{', '.join(names)}. Run `buurtkas verify` before anything else; then take it away as the owner of the "
            "database, and start again.",
        )


class SettingRefused(BuurtkasError):
    """A setting or an environment variable cannot be used."""

    code = "setting_refused"

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"The setting {name} cannot be used: {what}.")


class JournalRefused(BuurtkasError):
    """A SQLite file keeps a journal that this SQLite can corrupt."""

    code = "journal_refused"

    def __init__(self, kept: str, version: str) -> None:
        super().__init__(
            f"The database keeps the journal {kept!r}, which is not safe with SQLite {version}. "
            "Stop every other program that has it open, and start again."
        )


class SchemaTaken(BuurtkasError):
    """The schema for a new installation holds something already."""

    code = "schema_taken"

    def __init__(self, schema: str) -> None:
        super().__init__(
            f"The schema {schema} holds something already. Name another one in BUURTKAS_DATABASE_SCHEMA, "
            "or restore the directory that belongs to it. If only something that broke off is left there, "
            f'the owner of the tables removes it with: DROP SCHEMA "{schema}" CASCADE'
        )


class DatabaseTrouble(BuurtkasError):
    """The database could not do it now; nothing of it was kept."""

    code = "database_trouble"


class DatabaseBusy(DatabaseTrouble):
    """Others kept writing for too long."""

    code = "database_busy"

    def __init__(self) -> None:
        super().__init__("Others kept writing in these books for too long. Nothing was changed; try again.")


class DiskFull(DatabaseTrouble):
    """There is no room left on the disk."""

    code = "disk_full"

    def __init__(self) -> None:
        super().__init__("The disk is full. Nothing was changed; make room, and do it again.")


class DatabaseGone(DatabaseTrouble):
    """The database server does not answer, or shuts down."""

    code = "database_gone"

    def __init__(self) -> None:
        super().__init__("The database does not answer. Start it, or check its address; then do it again.")


class SignatureLate(BuurtkasError):
    """The signer's process has not signed yet what was asked for."""

    code = "signature_late"

    def __init__(self) -> None:
        super().__init__("This is not signed yet. See that `buurtkas signer` runs, and try again in a moment.")


class SignerRunning(BuurtkasError):
    """There is a signer's process at work already."""

    code = "signer_running"

    def __init__(self) -> None:
        super().__init__(
            "Another signer is at work for this installation already. Stop it first: one log has one signer."
        )


class SignerInside(BuurtkasError):
    """The installation signs by itself."""

    code = "signer_inside"

    def __init__(self) -> None:
        super().__init__("An installation on SQLite signs by itself. Only one on PostgreSQL has a signer of its own.")


class RecordUnreadable(BuurtkasError):
    """A published record lacks a file, or one is cut short."""

    code = "record_unreadable"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is missing or cut short. Check the address, or export or download the record again.")


class DirectoryNotEmpty(BuurtkasError):
    """Something is in the directory that was to be written."""

    code = "directory_not_empty"

    def __init__(self, directory: Path) -> None:
        super().__init__(f"There is something in {directory} already. Remove it, or name another directory.")


class BooksMoved(BuurtkasError):
    """The books changed between reading and writing."""

    code = "books_moved"

    def __init__(self) -> None:
        super().__init__("Somebody else wrote in this book at the same moment. Nothing was changed; try again.")
