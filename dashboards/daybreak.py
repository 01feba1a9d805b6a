"""The day's work of a site that no timer looks after: done after the first answer of each day.

No thread, no schedule: whoever asks first on a new day has the answer already when the work begins. Where a timer did
it earlier there is nothing left to do. What goes wrong is logged, and `doctor` says that it was not done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.daily import do_day
from dashboards.work.daily import done_today
from ledger.errors import BuurtkasError
from ledger.sealing import AMSTERDAM

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from flask import Flask
    from flask import Response

    from ledger.installation import Installation


class Daybreak:
    """Does the day's work once a day.

    Args:
        installation: Whose day.
        clock: What time it is.
    """

    def __init__(self, installation: Installation, clock: Callable[[], dt.datetime]) -> None:
        self._installation = installation
        self._clock = clock
        self._day: dt.date | None = None

    def install(self, app: Flask) -> None:
        """Look at the day after each answer."""

        def dawn(response: Response) -> Response:
            today = self._clock().astimezone(AMSTERDAM).date()
            if today != self._day:
                self._day = today
                response.call_on_close(self._work(app))
            return response

        app.after_request(dawn)

    def _work(self, app: Flask) -> Callable[[], None]:
        """Return what is done once the answer is given."""

        def work() -> None:
            now = self._clock()
            try:
                if not done_today(self._installation, now):
                    do_day(self._installation, now)
            except (BuurtkasError, sa.exc.SQLAlchemyError, OSError):
                app.logger.exception("the day's work is not done; run `buurtkas daily`")

        return work
