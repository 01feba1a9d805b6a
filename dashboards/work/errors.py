"""What use cases refuse, in the tree that begins in `ledger.errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    from pathlib import Path


class SetupRefused(BuurtkasError):
    """Something in a setup file is wrong.

    Args:
        line: Counted from 1.
        what: What is wrong there and what is expected.
    """

    code = "setup_refused"

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(f"Line {line}: {what}. Nothing was made; correct the file and run `buurtkas init` again.")


class SplitRefused(BuurtkasError):
    """A payment cannot be linked as asked.

    Args:
        seq: The payment's place in the foundation's book, or its number in the file.
        what: Why not.
    """

    code = "split_refused"

    def __init__(self, seq: int, what: str) -> None:
        self.seq = seq
        super().__init__(f"Payment {seq} cannot be linked so: {what}. Nothing was linked; choose again.")


class SpendingRefused(BuurtkasError):
    """What a district paid cannot be declared so.

    Args:
        what: Why not.
    """

    code = "spending_refused"

    def __init__(self, what: str) -> None:
        super().__init__(f"This cannot be declared: {what}. Nothing was declared; correct it and try again.")


class FoundationUnknown(BuurtkasError):
    """There is no foundation of that slug."""

    code = "foundation_unknown"

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no foundation {slug!r}. Give the slug that stands in its page's address.")


class PersonUnknown(BuurtkasError):
    """Nobody has that e-mail address."""

    code = "person_unknown"

    def __init__(self) -> None:
        super().__init__("Nobody here has that e-mail address. Check the spelling.")


class BackupExists(BuurtkasError):
    """A backup never overwrites a file."""

    code = "backup_exists"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already. Name a new file; a backup never overwrites one.")


class BackupDamaged(BuurtkasError):
    """A backup cannot be restored, because it is not what was written.

    Args:
        what: What does not fit.
    """

    code = "backup_damaged"

    def __init__(self, what: str) -> None:
        super().__init__(f"This backup is damaged or is none: {what}. Nothing was restored; take another copy of it.")


class RestoreRefused(BuurtkasError):
    """A backup does not reach what was signed, or what was signed is not known.

    Args:
        what: What is the matter, and what to do.
    """

    code = "restore_refused"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} Nothing was restored.")


class UpgradeFailed(BuurtkasError):
    """An upgrade was taken back as a whole.

    Args:
        why: What went wrong, without values.
        backup: The backup that was made before.
    """

    code = "upgrade_failed"

    def __init__(self, why: str, backup: Path) -> None:
        super().__init__(
            f"The upgrade failed and was taken back: {why}. The books are exactly what they were; go on with the "
            f"version of before. A backup from before stands in {backup}."
        )


class StartRefused(BuurtkasError):
    """It would not be safe to serve so.

    Args:
        why: What is open, and how to close it.
    """

    code = "start_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"Not started: {why}")


class FolderHeld(BuurtkasError):
    """Another process looks after a folder of deliveries."""

    code = "folder_held"

    def __init__(self, path: Path) -> None:
        super().__init__(f"Another `buurtkas watch` looks after {path}. One is enough; stop that one first.")


class FileOutOfReach(BuurtkasError):
    """A delivered file may not be read."""

    code = "out_of_reach"

    def __init__(self) -> None:
        super().__init__("This file may not be read. Let whoever delivers it give the group of Buurtkas that right.")


class ReleaseRefused(BuurtkasError):
    """A text cannot be released so.

    Args:
        seq: The payment's place in the book.
        why: What does not fit, without any of the text.
    """

    code = "release_refused"

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"The text of payment {seq} is not released: {why}. Nothing was; look at the list again.")
