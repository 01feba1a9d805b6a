"""Public pages at any size of the ledger: how long one takes to make, and how many are given a second.

Made: the time of a page that nobody asked for since the last entry, at several sizes. Given: requests a second
under gunicorn with two workers, against a bare Flask application that returns the same bytes, in turn.

.venv/bin/python benchmarks/pages.py [TRANSACTIONS ...]     the one nearest to 100,000 is served
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.population import make_population
from dashboards.commands.frame import clock_of
from dashboards.reading import DatabaseReader
from dashboards.site import make_site
from ledger.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Iterator

SIZES = (10_000, 100_000)
PAGES = ("/", "/stichting/stichting-1", "/initiatief/initiatief-1", "/betalingen", "/betaling/stichting-1/200")
SERVED = ("/", "/initiatief/initiatief-1", "/betalingen")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = 2.0
VISITORS = 8
GOOD = b"HTTP/1.1 200"

BARE = """
import pathlib, os, flask
app = flask.Flask("bare")
page = pathlib.Path(os.environ["BARE_PAGE"]).read_bytes()
@app.get("/")
def give():
    return page
"""


def made(sizes: list[int], places: dict[int, Path]) -> None:
    """Print how long pages take to make."""
    sys.stdout.write("| page made, ms | " + " | ".join(f"{size:,}" for size in sizes) + " |\n")
    sys.stdout.write("|---|" + "---|" * len(sizes) + "\n")
    rows = {page: [_making(places[size], page) for size in sizes] for page in PAGES}
    for page, seconds in rows.items():
        sys.stdout.write(f"| `{page}` | " + " | ".join(f"{1000 * each:.1f}" for each in seconds) + " |\n")


def _making(place: Path, page: str) -> float:
    """Return the median seconds of making a page anew."""
    installation = Installation(place)
    client = make_site(installation, clock_of(installation)).test_client()
    client.get(page)
    taken = []
    for _ in range(9):
        begun = time.perf_counter()
        answer = client.get(page)
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 200, page  # noqa: PLR2004 - HTTP's own number
    installation.close()
    return statistics.median(taken)


def given(place: Path) -> None:
    """Print requests a second, ours and bare, and their ratio."""
    sys.stdout.write("\n| page given, requests/s | bytes | Buurtkas | bare Flask | ratio |\n|---|---|---|---|---|\n")
    with _server("wsgi:app", {"BUURTKAS_DIR": str(place)}) as ours:
        for page in SERVED:
            with urllib.request.urlopen(f"http://127.0.0.1:{ours}{page}") as answer:
                body = answer.read()
            _compare(ours, page, body)


def _compare(ours: int, page: str, body: bytes) -> None:
    """Print one page's line."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE)
        (Path(folder) / "page").write_bytes(body)
        around = {"BARE_PAGE": str(Path(folder) / "page"), "PYTHONPATH": folder}
        with _server("bare:app", around) as bare:
            _rate(ours, page)  # so that both workers stand, and have made it once
            pairs = [(_rate(ours, page), _rate(bare, "/")) for _ in range(ROUNDS)]
    own, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(one / two for one, two in pairs)
    sys.stdout.write(f"| `{page}` | {len(body):,} | {own:,.0f} | {other:,.0f} | {ratio:.2f} |\n")


@contextlib.contextmanager
def _server(app: str, around: dict[str, str]) -> Iterator[int]:
    """Serve an application under gunicorn with two workers; yield its port."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port = asking.getsockname()[1]
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--log-level", "error"]
    with tempfile.TemporaryFile() as log:  # what it says costs it what it costs a district; nobody reads it here
        server = subprocess.Popen(  # noqa: S603 - our own server
            [*gunicorn, "--bind", f"127.0.0.1:{port}", app],
            env=os.environ | around,
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(port)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def _wait_for(port: int) -> None:
    """Wait until a server answers."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError


def _rate(port: int, page: str) -> float:
    """Return how many requests a second are answered to visitors who ask again and again."""
    asked = f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    chooser = selectors.DefaultSelector()
    for _ in range(VISITORS):
        visitor = socket.create_connection(("127.0.0.1", port))
        visitor.sendall(asked)
        chooser.register(visitor, selectors.EVENT_READ, bytearray())
    done, begun = 0, time.perf_counter()
    while (now := time.perf_counter()) < begun + SECONDS:
        for key, _ in chooser.select(0.1):
            key.data.extend(key.fileobj.recv(1 << 18))  # type: ignore[union-attr] # a socket
            if _whole(key.data):
                done += 1
                key.data.clear()
                key.fileobj.sendall(asked)  # type: ignore[union-attr] # a socket
    for key in list(chooser.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr] # a socket
    return done / (now - begun)


def _whole(answer: bytearray) -> bool:
    """Tell whether an answer is there in full, and good."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    assert head.startswith(GOOD), bytes(head[:200])
    length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return len(body) == int(length.split(b":")[1])


def _never_the_same(self: DatabaseReader) -> Hashable:  # noqa: ARG001 - in the place of a method
    return time.perf_counter_ns()


def main(sizes: list[int]) -> None:
    """Measure and print."""
    DatabaseReader.mark = _never_the_same  # type: ignore[method-assign] # nothing is kept while making is timed
    with tempfile.TemporaryDirectory() as folder:
        places = {size: Path(folder) / str(size) for size in sizes}
        for size, place in places.items():
            make_population(place, size).close()
        made(sizes, places)
        sys.stdout.flush()
        given(places[min(sizes, key=lambda size: abs(size - SIZES[-1]))])


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(SIZES))
