"""An orderly end of a sweep."""

import signal
from typing import Self

INTERRUPTED = 128 + signal.SIGINT  # exit status, as shells have it


class Stop:
    """Counts Ctrl-C and SIGTERM, for the processes to be told as often.

    A context manager, for the main thread.

    Attributes:
        times: how often the sweep was told to stop.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self):
        self.times = 0

    def __enter__(self) -> Self:
        self._before = {s: signal.signal(s, self._count) for s in self.SIGNALS}
        return self

    def __exit__(self, *error):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _count(self, number, frame):
        self.times += 1
