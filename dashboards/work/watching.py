"""Booking what a bank delivers into a folder, by itself: what the file says is booked, or the file is refused.

Nobody stands behind it, so nothing that does not fit is accepted. What was refused lies in refused/ with the reason in
words, and waits at a desk until somebody has seen it. What the machine cannot do now (the database is busy,
the disk is full) refuses nothing: the file stays in work/ and is tried again.

A crash at any instant loses nothing and books nothing twice: a file in work/ is taken up again, and a file that
was booked already brings nothing new.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.work.deliveries import RefusedDelivery
from dashboards.work.deliveries import foundation_of
from dashboards.work.deliveries import keep_refusal
from dashboards.work.errors import FileOutOfReach
from dashboards.work.folder import Growing
from dashboards.work.folder import content_of
from dashboards.work.statements import confirm
from importers.errors import MalformedFile
from importers.errors import NotAccepted
from importers.errors import UnreadableFile
from importers.errors import masked
from importers.reading import read
from ledger.errors import BooksMoved
from ledger.errors import BuurtkasError
from ledger.errors import ClockRefused
from ledger.errors import DatabaseTrouble
from ledger.errors import SignatureLate
from ledger.errors import SignerRefused

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from dashboards.work.folder import Folder
    from ledger.installation import Installation

CHANNEL = "delivery"
PASSING = (DatabaseTrouble, BooksMoved, ClockRefused, SignerRefused, SignatureLate, OSError)
"""What the file cannot help: it is tried again."""
ACCOUNT = re.compile(r"[A-Z]{2}\d{2}[A-Z]{4}\d{6,}")


@dataclass(frozen=True, slots=True)
class Booked:
    """A file that was booked; `file` is its name in done/."""

    file: str
    new: int
    known: int
    flags: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not; `file` is its name in refused/."""

    file: str
    reason: str


@dataclass(slots=True)
class Look:
    """What one look at the folder brought.

    Attributes:
        waiting: How many files must stand still until the next look, or could not be done now.
        troubles: Why something could not be done now.
    """

    booked: list[Booked]
    refused: list[Refused]
    troubles: list[str]
    waiting: int = 0

    def wait(self, trouble: BuurtkasError | OSError) -> None:
        """Note that a file could not be booked or refused now; a path in a message is not for everybody to read."""
        said = str(trouble) if isinstance(trouble, BuurtkasError) else f"The system says: {trouble.strerror or 'no'}."
        self.troubles.append(said)
        self.waiting += 1


class Watch:
    """Looks after a folder that this process holds.

    Args:
        installation: Whose books.
        folder: Where files are dropped.
        clock: What time it is.
    """

    def __init__(self, installation: Installation, folder: Folder, clock: Callable[[], dt.datetime]) -> None:
        self._installation = installation
        self._folder = folder
        self._clock = clock

    def look(self) -> Look:
        """Book what stood still since the last look.

        Files come in any order: what does not fit is tried again after the others, as long as any of them is booked.
        """
        look, claimed = Look([], [], []), self._folder.claimed()
        while claimed:
            booked = len(look.booked)
            claimed = [path for path in claimed if not self._taken(path, look)]
            if len(look.booked) == booked:
                break
        for path in claimed:
            self._taken(path, look, last=True)
        look.waiting += len(self._folder.waiting())
        return look

    def _taken(self, path: Path, look: Look, *, last: bool = False) -> bool:
        """Do what there is to do with a claimed file; tell whether that is all."""
        content = None
        try:
            content = _readable(path)
            look.booked.append(self._book(path, content))
        except Growing:
            self._folder.give_back(path)
        except PASSING as trouble:
            look.wait(trouble)
        except NotAccepted as error:
            return last and self._refused(path, content, error, look)
        except BuurtkasError as error:
            return self._refused(path, content, error, look)
        return True

    def _book(self, path: Path, content: bytes) -> Booked:
        """Book a file as the bank's own delivery."""
        done = confirm(self._installation, None, content, now=self._clock(), channel=CHANNEL)
        return Booked(shown_name(self._folder.finish(path)), done.new, done.known, done.flags)

    def _refused(self, path: Path, content: bytes | None, error: BuurtkasError, look: Look) -> bool:
        """Refuse a file, at the desk first, so that no crash keeps it from being told; tell that this is all."""
        try:
            keep_refusal(self._installation, self._refusal(path, content, error))
            look.refused.append(Refused(shown_name(self._folder.refuse(path, str(error))), str(error)))
        except PASSING as trouble:
            look.wait(trouble)
        return True

    def _refusal(self, path: Path, content: bytes | None, error: BuurtkasError) -> RefusedDelivery:
        """Return what is told at the desk."""
        place = error.place if isinstance(error, MalformedFile) else None
        with self._installation.store.reading() as connection:
            foundation = foundation_of(connection, _accounts(content))
        key = hashlib.sha256(os.fsencode(path.name) if content is None else content).hexdigest()
        return RefusedDelivery(key, foundation, shown_name(path), error.code, place, self._clock())


def keep_watching(watch: Watch, wait: Callable[[], bool], tell: Callable[[Look], None]) -> None:
    """Look again and again.

    Args:
        wait: Waits until it is time to look again; says whether it is enough.
        tell: Takes what each look brought.
    """
    tell(watch.look())
    while not wait():
        tell(watch.look())


def watch_once(watch: Watch, settle: Callable[[], object]) -> Look:
    """Look once: after a first look that tells what stands still.

    Args:
        settle: Waits in between; is asked where there is something to wait for.
    """
    look = watch.look()
    if look.waiting and not look.troubles:
        settle()
        then = watch.look()
        look = Look(look.booked + then.booked, look.refused + then.refused, look.troubles + then.troubles, then.waiting)
    return look


def shown_name(path: Path) -> str:
    """Return a file's name as it may be told: an account number in it is masked."""
    name = os.fsencode(path.name).decode(errors="replace")
    return ACCOUNT.sub(lambda found: masked(found[0]), name)


def _readable(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        FileOutOfReach: It may not be read.
    """
    try:
        return content_of(path)
    except PermissionError as error:
        raise FileOutOfReach from error


def _accounts(content: bytes | None) -> set[str]:
    """Return the accounts that a file names, as far as it can be read."""
    if content is None:
        return set()
    try:
        return {statement.account for statement in read(content) if statement.account}
    except UnreadableFile:
        return set()
