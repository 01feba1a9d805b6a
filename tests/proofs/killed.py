"""kill -9 inside backup, restore, upgrade, rebuild and the day's work: the old or the new, never a mix.

Each work runs in a process of its own, which is killed some time between its beginning and well after its usual
end. Then what an operator would do is done: the installation is started again or the same is said again. Afterwards
everything verifies; a file is whole or not there; a shape is the old or the new one; the signer's key is where
it was; and days whose work was killed have brought as many seals, flags and messages as days that were left alone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
import shutil
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.archive import unpack
from dashboards.work.backup import make_backup
from dashboards.work.daily import do_day
from dashboards.work.daily import done_today
from dashboards.work.restoring import Wish
from dashboards.work.restoring import restore
from dashboards.work.statements import confirm
from dashboards.work.upgrading import BACKUPS
from dashboards.work.upgrading import upgrade_installation
from ledger import tables
from ledger.environment import DATABASE_SCHEMA
from ledger.errors import BuurtkasError
from ledger.errors import ShapeRefused
from ledger.installation import SETTINGS
from ledger.installation import Installation
from ledger.migrations import NEWEST
from ledger.migrations import shape
from ledger.rebuild import rebuild
from ledger.signer import KEY
from tests import server
from tests.conftest import new_schema
from tests.integration.books import make_older
from tests.proofs.bank import NOW
from tests.proofs.bank import Account
from tests.proofs.bank import make_bank
from tests.proofs.importing import DONE
from tests.proofs.importing import READY
from tests.proofs.importing import Where
from tests.proofs.importing import context
from tests.proofs.importing import examine
from tests.proofs.importing import where

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

KILLS = 60
"""Of each work."""
SEED = 20261127
LINES = 40
WARM = 1
"""How often a work is left alone first, to know how long it takes."""
BEYOND = 1.4
PEOPLE = """
[[person]]
email = "signaal@stadsdeel.example"
name = "Signaal"
[[role]]
person = "signaal@stadsdeel.example"
role = "officer"
"""
BEFORE, AFTER = "as before", "done"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a work is done, and for which time.

    Attributes:
        place: The installation.
        room: A directory for what is made of it.
        turn: Each is a day later.
    """

    place: Where
    room: Path
    turn: int

    @property
    def now(self) -> dt.datetime:
        """The instant of this turn."""
        return NOW + dt.timedelta(days=self.turn)

    @property
    def target(self) -> Path:
        """What this turn makes."""
        return self.room / f"made-{self.turn}"

    @property
    def there(self) -> Where:
        """The installation that this turn restores."""
        return replace(self.place, directory=self.target)


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is killed.

    Attributes:
        prepare: Done before, undisturbed; gives the scene, perhaps another one.
        act: What is killed, in a process of its own.
        mend: What is done after it; gives whether it found the old or the new, and what is wrong.
    """

    prepare: Callable[[Scene], Scene]
    act: Callable[[Scene], object]
    mend: Callable[[Scene], tuple[str, list[str]]]


@dataclass(slots=True)
class Killed:
    """What happened.

    Attributes:
        outcomes: What was found afterwards, by work and outcome.
        wrong: Whatever must not be.
    """

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def _as_it_is(scene: Scene) -> Scene:
    return scene


def _backup(scene: Scene) -> None:
    with contextlib.closing(scene.place.open()) as installation:
        make_backup(installation, scene.target, scene.now)


def _backup_again(scene: Scene) -> tuple[str, list[str]]:
    """A backup is whole or not there; the next one is made whatever lies about."""
    found = AFTER if scene.target.exists() else BEFORE
    if found == BEFORE:
        _backup(scene)
    unpack(scene.target, scene.room / f"unpacked-{scene.turn}")
    strange = [path.name for path in scene.room.iterdir() if not path.name.startswith((".backup-", "made", "unpack"))]
    return found, [f"left behind: {name}" for name in strange] + examine(scene.place)[1]


def _rebuild(scene: Scene) -> None:
    with contextlib.closing(scene.place.open()) as installation:
        rebuild(installation.store)


def _rebuild_again(scene: Scene) -> tuple[str, list[str]]:
    """The views of before and of after are the same, and there without doing it again."""
    return "the same", examine(scene.place)[1]


def _older(scene: Scene) -> Scene:
    """Give it the first shape."""
    installation = scene.place.open()
    make_older(installation)
    installation.close()
    return scene


def _upgrade(scene: Scene) -> None:
    upgrade_installation(scene.place.directory, scene.now)


def _upgrade_again(scene: Scene) -> tuple[str, list[str]]:
    """It has the old shape, is refused in words and upgraded by saying it again; or the new one."""
    installation = Installation(scene.place.directory, fenced=False)
    with installation.store.reading() as connection:
        found = shape(connection)
    installation.close()
    wrong = [] if found in {"0001", NEWEST} else [f"a shape between: {found}"]
    if found != NEWEST:
        wrong += [] if _refused(scene) else ["the old shape was opened"]
        upgrade_installation(scene.place.directory, scene.now + dt.timedelta(seconds=1))
    for path in (scene.place.directory / BACKUPS).glob("before-*"):
        unpack(path, scene.room / f"unpacked-{scene.turn}-{path.name}")
        path.unlink()
    return AFTER if found == NEWEST else BEFORE, wrong + examine(scene.place)[1]


def _refused(scene: Scene) -> bool:
    """Tell whether the installation says that it has to be upgraded."""
    try:
        scene.place.open().close()
    except ShapeRefused as error:
        return "buurtkas upgrade" in str(error)
    return False


def _to_restore(scene: Scene) -> Scene:
    """Have a backup, the signer's directory in its place, and, on a server, the name of an empty schema."""
    kept = scene.room / "backup"
    if not kept.exists():
        with contextlib.closing(scene.place.open()) as installation:
            make_backup(installation, kept, scene.now)
    shutil.copytree(scene.place.directory / "signer", scene.target / "signer")
    around = scene.place.around + (((DATABASE_SCHEMA, new_schema()),) if scene.place.around else ())
    return replace(scene, place=replace(scene.place, around=around))


def _restore(scene: Scene) -> None:
    os.environ.update(scene.place.around)
    restore(scene.room / "backup", scene.target, scene.now, Wish(new_key=scene.turn % 2 == 1))


def _restore_again(scene: Scene) -> tuple[str, list[str]]:
    """There is an installation or none; saying it again makes one, with the signer's directory where it belongs."""
    found = AFTER if (scene.target / SETTINGS).exists() else BEFORE
    if found == BEFORE:
        server.drop_schemas(server.server(), [name for word, name in scene.place.around if word == DATABASE_SCHEMA])
        _restore(scene)
    old = scene.target / ("signer.before" if scene.turn % 2 else "signer")
    same = (old / KEY).read_bytes() == (scene.place.directory / "signer" / KEY).read_bytes()
    lines, wrong = examine(scene.there)
    shutil.rmtree(scene.target)
    return found, wrong + ([] if same else ["the old key is gone"]) + ([] if lines == LINES else ["lines are missing"])


def _daily(scene: Scene) -> None:
    with contextlib.closing(scene.place.open()) as installation:
        do_day(installation, scene.now)


def _daily_again(scene: Scene) -> tuple[str, list[str]]:
    """Whatever was left is done by the next time."""
    installation = scene.place.open()
    found = AFTER if done_today(installation, scene.now) else BEFORE
    do_day(installation, scene.now)
    wrong = [] if done_today(installation, scene.now) else ["the day is not done"]
    wrong += ["a draft of a message is left"] if any((installation.directory / "outbox" / ".drafts").glob("*")) else []
    installation.close()
    return found, wrong + examine(scene.place)[1]


WORKS = {
    "backup": Work(_as_it_is, _backup, _backup_again),
    "restore": Work(_to_restore, _restore, _restore_again),
    "upgrade": Work(_older, _upgrade, _upgrade_again),
    "rebuild": Work(_as_it_is, _rebuild, _rebuild_again),
    "daily": Work(_as_it_is, _daily, _daily_again),
}


def kill(kills: int, seed: int, directory: Path) -> Killed:
    """Kill each work that many times."""
    found = Killed()
    for name, work in WORKS.items():
        room = directory / name
        place = _new(room / "books")
        (room / "room").mkdir()
        scenes = [Scene(place, room / "room", turn) for turn in range(WARM + kills)]
        _one_work(name, work, scenes, random.Random(f"{seed}/{name}"), found)
        if name == "daily":
            found.wrong += _compared(place, _new(room / "twin"), len(scenes))
    return found


def _new(directory: Path) -> Where:
    """Make an installation with a statement of a foundation, and an officer who is told of what is found."""
    directory.parent.mkdir(exist_ok=True)
    place = where(directory)
    installation = make_bank(directory, 1, PEOPLE)
    confirm(installation, None, Account(1, LINES).statement(0, 0), {}, now=NOW - dt.timedelta(days=1))
    installation.close()
    return place


def _one_work(name: str, work: Work, scenes: list[Scene], rng: random.Random, found: Killed) -> None:
    """Do a work some times, and then kill it."""
    took: list[float] = []
    for scene in scenes:
        prepared = work.prepare(scene)
        warm = len(took) < WARM
        begun, ended = _killed(name, prepared, None if warm else rng.random() * BEYOND * statistics.median(took))
        if warm:
            took.append(ended - begun)
        outcome, wrong = work.mend(prepared)
        found.wrong += [f"{name} {scene.turn}: {what}" for what in wrong]
        if warm and outcome == BEFORE:
            found.wrong.append(f"{name} {scene.turn}: left alone, and not done")
        if not warm:
            found.outcomes[name, outcome] += 1


def _killed(name: str, scene: Scene, after: float | None) -> tuple[float, float]:
    """Do a work in a process of its own and kill it after some seconds, or never; return when it began and ended."""
    ours, theirs = context().Pipe()
    child = context().Process(target=_run, args=(name, scene, theirs), daemon=True)
    child.start()
    theirs.close()
    if ours.recv() != READY:
        raise AssertionError(name)
    begun = time.perf_counter()
    ours.send(None)
    if after is not None:
        time.sleep(after)
        child.kill()
    elif (answer := ours.recv()) != DONE:
        raise AssertionError(answer)
    ended = time.perf_counter()
    child.join()
    return begun, ended


def _run(name: str, scene: Scene, pipe: Connection) -> None:
    """Do a work, in the child."""
    os.environ.update(scene.place.around)
    pipe.send(READY)
    pipe.recv()
    try:
        WORKS[name].act(scene)
    except BuurtkasError as error:
        pipe.send(f"{error.code}: {error}")
    else:
        pipe.send(DONE)


def _compared(place: Where, twin: Where, days: int) -> Iterator[str]:
    """Yield what days that were killed brought more or less of than days that were left alone."""
    installation = twin.open()
    for turn in range(days):
        do_day(installation, Scene(twin, twin.directory, turn).now)
    installation.close()
    killed, alone = _brought(place), _brought(twin)
    if killed != alone:
        yield f"killed days brought {killed}, others {alone}"


def _brought(place: Where) -> dict[str, int]:
    """Count what days bring."""
    installation = place.open()
    with installation.store.reading() as connection:
        counts = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (tables.seal, tables.flag)
        }
    installation.close()
    return counts | {"messages": len(list((place.directory / "outbox").glob("*.eml")))}


def markdown(found: dict[str, Killed], seed: int, revision: str, day: dt.date) -> str:
    """Return the figures as a page."""
    rows = "".join(
        f"| {database} | {name} | {sum(count for (work, _), count in each.outcomes.items() if work == name)} "
        f"| {each.outcomes[name, BEFORE]} | {each.outcomes[name, AFTER]} "
        f"| {sum(what.startswith(name) for what in each.wrong)} |\n"
        for database, each in found.items()
        for name in WORKS
    )
    problems = "".join(f"- WRONG on {name}: {what}\n" for name, each in found.items() for what in each.wrong)
    return (
        "# kill -9 inside backup, restore, upgrade, rebuild and the day's work\n\n"
        f"{day.isoformat()}, seed {seed}, revision {revision}. Each is killed at a random instant between its\n"
        "beginning and two fifths past its usual end; then it is said again, and everything verified (`make prove`).\n"
        "Views that are made again are the same before and after.\n\n"
        "| database | work | killed | found as before | found done | wrong |\n|---|---|---|---|---|---|\n"
        f"{rows}\n{problems}"
    )
