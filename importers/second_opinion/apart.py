"""Other readers, each in a process of its own with little time and memory.

    python -m importers.second_opinion.apart READER < FILE

They meet untrusted bytes and were written by others: whatever they do, log, warn of or raise stays in their process.
What comes out is JSON, or the name of the error that ended them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from importers.second_opinion.errors import SecondReaderFailed
from importers.second_opinion.other import brought_back
from importers.second_opinion.other import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.second_opinion.other import OtherStatement

MAX_BYTES = 32 * 1024 * 1024
MAX_SECONDS = 120
MAX_MEMORY = 2 * 1024 * 1024 * 1024
_MODULES = {"mt-940": "by_mt_940", "ofxparse": "by_ofxparse"}
_PLAIN = "by_elements"
_ROOT = Path(__file__).parents[2]


def read_apart(reader: str, path: Path, seconds: int = MAX_SECONDS) -> tuple[OtherStatement, ...]:
    """Have a reader read a file in a process of its own.

    Args:
        reader: Such as ``mt-940``.
        seconds: How long it may take.

    Raises:
        SecondReaderFailed: It could not, or not within the limits.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SecondReaderFailed(reader, f"it is given files of at most {MAX_BYTES // 1024 // 1024} MB")
    command = [sys.executable, "-m", __name__, reader, str(seconds)]
    try:
        with path.open("rb") as file:
            done = subprocess.run(  # noqa: S603 - our own module in our own interpreter
                command,
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                timeout=seconds,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise SecondReaderFailed(reader, f"it took more than {seconds} seconds") from error
    if done.returncode:
        raise SecondReaderFailed(reader, "its process was ended, perhaps for want of time or memory")
    answer = json.loads(done.stdout)
    if "failed" in answer:
        raise SecondReaderFailed(reader, f"it could not read the file ({answer['failed']})")
    return brought_back(answer["statements"])


def main(words: Sequence[str]) -> None:
    """Read standard input, and print what was found."""
    reader, seconds = words
    _limit(int(seconds))
    try:
        read = import_module(f"importers.second_opinion.{_MODULES.get(reader, _PLAIN)}").read
        with redirect_stdout(sys.stderr):
            answer: dict[str, object] = {"statements": written(read(sys.stdin.buffer.read()))}
    except Exception as error:  # noqa: BLE001 - whatever another's reader raises; its words may quote the file
        answer = {"failed": type(error).__name__}
    json.dump(answer, sys.stdout)


def _limit(seconds: int) -> None:
    """Bound this process's time and memory, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - only where there is no such module
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


if __name__ == "__main__":
    main(sys.argv[1:])
