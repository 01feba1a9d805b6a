"""Why there is no second opinion on a file.

BuurtkasError
+-- NoOpinion                 another reader says nothing of the file
    +-- NoSecondReader        there is no other reader for such a file
    +-- SecondReaderMissing   its package is not installed
    +-- SecondReaderFailed    it could not read the file
"""

from __future__ import annotations

from ledger.errors import BuurtkasError


class NoOpinion(BuurtkasError):
    """Another reader says nothing of the file."""

    code = "no_opinion"


class NoSecondReader(NoOpinion):
    """There is no other reader for such a file."""

    code = "no_second_reader"

    def __init__(self, form: str) -> None:
        advice = "Unpack it, and ask of each file." if form == "zip" else "There is one for MT940, OFX and CAMT."
        super().__init__(f"No second reader is known for a file in the format {form}. {advice}")


class SecondReaderMissing(NoOpinion):
    """The package of the other reader is not installed."""

    code = "second_reader_missing"

    def __init__(self, reader: str) -> None:
        super().__init__(
            f"The second reader, {reader}, is not installed. Install it with: pip install 'buurtkas[second-opinion]'"
        )


class SecondReaderFailed(NoOpinion):
    """The other reader could not read the file; that says nothing about ours.

    Args:
        why: What became of it, without anything out of the file.
    """

    code = "second_reader_failed"

    def __init__(self, reader: str, why: str) -> None:
        super().__init__(f"The second reader, {reader}, gives no opinion: {why}. Compare the file by hand.")
