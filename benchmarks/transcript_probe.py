"""A transcript of 10,000 lines in a window: ``python -m benchmarks.transcript_probe`` prints what it took, as JSON.

Each time ends when the lines are painted: ``grab`` paints the widget at once, without waiting for a screen. Long ones
are of the processor, which other programs disturb less; nothing here waits.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtWidgets import QApplication

from benchmarks.transcript_texts import ENGLISH, webvtt_text
from desktop.ui.widgets.transcript_pane import TranscriptPane
from protocol.cues.transcript import read_transcript

BUILDS, LINES_LIT = 7, 200


def main() -> int:
    """Measure and print."""
    application = QApplication(sys.argv)
    pane = TranscriptPane()
    pane.resize(340, 600)
    pane.show()
    transcripts = [read_transcript(webvtt_text(ENGLISH).encode()) for _ in range(2)]

    def timed(work: Callable[[], object]) -> float:
        began = time.process_time_ns()
        work()
        pane.lines.grab()
        return (time.process_time_ns() - began) / 1_000_000

    def lit(number: int) -> float:
        began = time.perf_counter_ns()
        pane.show_current(number)
        pane.lines.viewport().grab(pane.lines.cue_rect(number))
        return (time.perf_counter_ns() - began) / 1_000_000

    build = [timed(partial(pane.show_transcript, transcripts[n % 2], "en")) for n in range(BUILDS)]
    light = [lit(number) for number in range(5_000, 5_000 + LINES_LIT)]
    query = "join them"
    find = [timed(partial(pane.finder.field.setText, query[:n])) for n in range(1, len(query) + 1)]
    print(msgspec.json.encode({"build": build[1:], "light": light, "find": find}).decode())
    pane.close()
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
