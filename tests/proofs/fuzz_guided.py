"""The second engine of the fuzzing: atheris looks for bytes that lead the readers where no bytes did before.

It changes files as libFuzzer does, and every other time as `fuzz_mutants` does; it keeps what reached new code of
`importers`, and changes that further. What must hold is the same.

    python -m tests.proofs.fuzz_guided FORMAT COUNT SEED DIRECTORY

keeps its files in the directory and prints what became of them, as `Tally` writes it; the process ends with another
status than 0 where something was wrong.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["importers"]):
    from importers.errors import UnreadableFile
    from importers.reading import read
    from importers.reconcile import all_problems

from tests.proofs.fuzz import SECONDS
from tests.proofs.fuzz import Tally
from tests.proofs.fuzz_claims import Truth
from tests.proofs.fuzz_claims import truth_of
from tests.proofs.fuzz_claims import wrong_message
from tests.proofs.fuzz_claims import wrong_reading
from tests.proofs.fuzz_claims import wrong_values
from tests.proofs.fuzz_formats import FORMATS
from tests.proofs.fuzz_formats import Seed
from tests.proofs.fuzz_mutants import mutant

_MOST_BYTES = 16_384
_MEGABYTES = 512
_SAID_EVERY = 1000
_MINUTES = 5


class Guided:
    """Reads what the engine thinks of, and counts."""

    def __init__(self, name: str, count: int) -> None:
        self.format = FORMATS[name]
        self.truths: list[Truth] = [truth_of(seed, self.format) for seed in self.format.seeds]
        self.tally = Tally()
        self._count = count

    def one(self, data: bytes) -> None:
        """Read some bytes; what is wrong ends the process with an error."""
        outcome, wrong = self._check(data)
        assert not wrong, wrong
        self.tally.outcomes[outcome] += 1
        done = self.tally.outcomes.total()
        if done % _SAID_EVERY == 0 or done == self._count:
            sys.stdout.write(self.tally.as_json() + "\n")
            sys.stdout.flush()

    def _check(self, data: bytes) -> tuple[str, list[str]]:
        try:
            statements = read(data)
        except UnreadableFile as refused:
            return "refused", wrong_message(str(refused))
        wrong = wrong_values(statements)
        if any(map(all_problems, statements)):
            return "problem", wrong
        return "read", wrong + [
            what for one in self.truths for what in wrong_reading(one, self.format, data, statements)
        ]

    def change(self, data: bytes, most: int, seed: int) -> bytes:
        """Change some bytes, in the engine's way or in ours."""
        if seed % 2:
            changed: bytes = atheris.Mutate(data, most)
            return changed
        return mutant(Seed(data, ()), self.format, random.Random(seed)).data[:most]


def main(name: str, count: int, seed: int, directory: Path) -> None:
    """Try; the engine ends the process itself."""
    guided = Guided(name, count)
    for place, sound in enumerate(guided.format.seeds):
        (directory / str(place)).write_bytes(sound.data)
    limits = (
        f"-max_len={_MOST_BYTES}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-timeout={SECONDS}",
        f"-max_total_time={_MINUTES * 60}",
    )
    options = (f"-runs={count}", f"-seed={seed}", "-verbosity=0", f"-artifact_prefix={directory}/", *limits)
    atheris.Setup([sys.argv[0], *options, str(directory)], guided.one, custom_mutator=guided.change)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
