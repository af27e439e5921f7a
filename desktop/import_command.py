"""``haversack import FILE…``: course packs without a window, and without a display."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.clock import SystemClock
from desktop.config import Config
from desktop.errors import NotSignedInError, Problem
from desktop.instance import SingleInstance, no_answer
from desktop.models.content_folder import content_folder
from desktop.models.pack_views import DONE, ENDED, IMPORTING, INCOMPLETE, ImportView
from desktop.models.session_file import read_session

if TYPE_CHECKING:
    from desktop.services.services import Services

GOOD, WRONG, PARTLY, INTERRUPTED = 0, 1, 3, 130
OUTCOMES = {DONE: GOOD, INCOMPLETE: PARTLY}


class Printer:
    """Says how far each file is: its facts and its end on lines of their own, progress in place on a terminal."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self._described: set[str] = set()
        self._open_line = False

    @property
    def code(self) -> int:
        """Of all files together: the worst."""
        found = set(self.codes.values())
        return WRONG if WRONG in found else PARTLY if PARTLY in found else GOOD

    def show(self, view: ImportView) -> None:
        """A new state of a file."""
        if view.facts is not None and view.id not in self._described:
            self._described.add(view.id)
            facts = view.facts
            self._line(f"{view.name}: “{facts.title}”, {facts.organization or facts.program}, "
                       f"made {facts.made_at:%Y-%m-%d}, {_megabytes(facts.size)}. The signature is good.")  # fmt: skip
        if view.state == IMPORTING and view.bytes_total and sys.stdout.isatty():
            print(f"\r  {view.bytes_done * 100 // view.bytes_total:3d} %", end="", flush=True)
            self._open_line = True
        if view.state in ENDED and view.id not in self.codes:
            self.codes[view.id] = OUTCOMES.get(view.state, WRONG)
            self._end(view)

    def _end(self, view: ImportView) -> None:
        result = view.result
        if view.problem:
            self._line(f"{view.name}: {view.problem} {view.way_out}", error=True)
        elif result is None:
            self._line(f"{view.name}: stopped. What came is kept; import it again to go on.", error=True)
        else:
            self._line(f"  {result.files_new} files ({_megabytes(result.bytes_new)}) came, "
                       f"{result.files_here} were here already.")  # fmt: skip
            if result.left:
                self._line(f"  {result.left} files of this older version are of no use any more and were left.")
            if view.facts is not None and not view.facts.enrolled:
                self._line("  Enroll in the course to study it; that works offline too.")
            for title in result.damaged:
                self._line(f"  Damaged in this file, and not imported: {title}", error=True)
            if result.damaged:
                self._line("  Copy the file again from where it came from, and import that copy.", error=True)

    def _line(self, text: str, *, error: bool = False) -> None:
        if self._open_line:
            print(flush=True)
            self._open_line = False
        print(text, file=sys.stderr if error else sys.stdout, flush=True)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def run(files: Sequence[Path], config: Config) -> int:
    """Import files into the data folder, by the program that has it if one runs. Returns the exit code: 0 all is here,
    1 something was refused or stopped, 3 all but damaged parts is here, 130 interrupted."""
    printer = Printer()
    paths = [path.expanduser().absolute() for path in files]
    instance = SingleInstance(config.home)
    try:
        if instance.claim():
            try:
                _by_ourselves(paths, config, printer)
            finally:
                instance.release()
        elif not instance.ask_import(paths, printer.show):
            raise no_answer()
    except Problem as problem:
        print(f"{problem.text} {problem.way_out}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print("\nInterrupted. What came is kept; import it again to go on.", file=sys.stderr)
        return INTERRUPTED
    return printer.code if len(printer.codes) else WRONG


def _by_ourselves(paths: Sequence[Path], config: Config, printer: Printer) -> None:
    session = read_session(config.home)
    if session is None:
        raise NotSignedInError
    from desktop.services.services import open_services
    from desktop.sync.pack_imports import Imports

    content = content_folder(config.home, config.assets)
    services: Services = open_services(config.home, session.account_id, SystemClock(), lambda _: None, content)
    with contextlib.closing(services):
        imports = Imports(services.store, printer.show)
        for path in dict.fromkeys(paths):
            import_id = imports.add(path)
            imports.look(import_id)
            if imports.wait(import_id):
                imports.bring(import_id)
