"""The log stays small."""

from __future__ import annotations

import logging
from pathlib import Path

from desktop.log_file import LogFile


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("haversack", logging.INFO, __file__, 1, text, None, None)


def test_a_full_file_is_put_aside_and_the_one_before_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "haversack.log"
    handler = LogFile(path, most=1000)
    for number in range(100):
        handler.emit(record(f"line {number:02} {'x' * 90}"))
    handler.close()
    before, now = (tmp_path / "haversack.log.1").read_text(), path.read_text()
    kept = [int(line.split()[1]) for line in (before + now).splitlines()]
    assert kept == list(range(kept[0], 100)), "the newest lines, without a hole"
    assert 10 <= len(kept) <= 20
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_cannot_be_put_aside_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "haversack.log"
    (tmp_path / "haversack.log.1").mkdir()
    handler = LogFile(path, most=10)
    for number in range(3):
        handler.emit(record(f"a line that is long enough {number}"))
    handler.close()
    assert len(path.read_text().splitlines()) == 3
