"""Finding and loading libVLC. The only importer of ``vlc``; called off the UI thread.

``import vlc`` loads the library while it is imported, and ends the program or raises ``NotImplementedError`` when
that fails. Here the library is loaded first, and the module only when that went well.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import os
import shlex
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.errors import mark
from desktop.player.problems import NO_PLAYER, NO_PLUGINS, LibraryMissing
from desktop.player.quiet_sound import quiet_sound

PATH_VARIABLE = "HAVERSACK_LIBVLC"
"""A library file, or a folder that holds it (and its ``plugins``). When set, nothing else is tried."""
ARGUMENTS_VARIABLE = "HAVERSACK_VLC_ARGS"
"""More arguments for libVLC, as a shell would split them."""

BASE_ARGUMENTS = (
    "--quiet",
    "--no-spu",
    "--no-sub-autodetect-file",
    "--no-video-title-show",
    "--no-stats",
    "--file-caching=300",
)
"""Captions are drawn by us: libVLC's own come late and cannot be styled with the rest. Some systems' libVLC reads a
whole second of a file ahead, which doubles the time of a seek (``benchmarks seek``); 300 ms is its makers' own value.
What comes over a network keeps its second."""

SYSTEM, BUNDLED, GIVEN = "system package", "bundled", "given path"

_loading = threading.Lock()


@dataclass(frozen=True)
class Library:
    """The loaded library. ``vlc`` is the binding's module, ``origin`` one of SYSTEM, BUNDLED, GIVEN."""

    vlc: Any
    origin: str
    path: str
    version: str


@dataclass(frozen=True)
class _Candidate:
    origin: str
    name: str
    plugins: Path | None = None


def load_library() -> Library:
    """Load libVLC and its binding. Blocks for up to a quarter of a second the first time.

    Raises:
        LibraryMissing: it is not there or cannot be loaded.
    """
    with _loading:
        tried: list[str] = []
        for candidate in _candidates():
            try:
                _load_core_first(candidate)
                ctypes.CDLL(candidate.name)
            except OSError as error:
                tried.append(f"{candidate.name}: {error}")
                continue
            return _bind(candidate)
        raise library_missing("; ".join(tried))


def make_instance(library: Library, extra_arguments: Sequence[str] = ()) -> Any:
    """An instance of libVLC that draws no captions and says nothing on the terminal.

    Raises:
        LibraryMissing: the library is there but its plugins are not.
    """
    quiet_sound()
    from_environment = shlex.split(os.environ.get(ARGUMENTS_VARIABLE, ""))
    instance = library.vlc.Instance([*BASE_ARGUMENTS, *extra_arguments, *from_environment])
    # libVLC answers with nothing instead of an error when it finds no plugins.
    if instance is None:
        raise LibraryMissing(
            NO_PLUGINS,
            mark("The video player is only half installed: libVLC is there, its plugins are not."),
            mark("Install VLC's plugins; everything else in Haversack works without them."),
            install_line=install_line(),
            detail=f"{library.path}: Instance is None",
        )
    return instance


def library_missing(detail: str = "") -> LibraryMissing:
    """The problem that says what to install."""
    return LibraryMissing(
        NO_PLAYER,
        mark("Lectures need VLC's library to play, and it is not installed."),
        mark("Install VLC, then open the lecture again; everything else in Haversack works without it."),
        install_line=install_line(),
        detail=detail,
    )


def install_line() -> str:
    """The one line that installs libVLC with its plugins on this system; empty where none is known."""
    if sys.platform == "win32":
        return "winget install VideoLAN.VLC"
    if sys.platform == "darwin":
        return "brew install --cask vlc"
    lines = {
        "apt-get": "sudo apt install libvlc5 vlc-plugin-base libvlc-bin",
        "dnf": "sudo dnf install vlc-libs vlc-plugins-base",
        "zypper": "sudo zypper install vlc-noX",
        "pacman": "sudo pacman -S vlc",
    }
    return next((line for tool, line in lines.items() if shutil.which(tool)), "")


def _candidates() -> Iterator[_Candidate]:
    given = os.environ.get(PATH_VARIABLE)
    if given:
        yield _in_place(GIVEN, Path(given))
        return
    for folder in (Path(sys.executable).parent / "libvlc", Path(getattr(sys, "_MEIPASS", sys.prefix)) / "libvlc"):
        if folder.is_dir():
            yield _in_place(BUNDLED, folder)
    yield from _system_candidates()


def _in_place(origin: str, place: Path) -> _Candidate:
    folder = place if place.is_dir() else place.parent
    library = place / _file_name() if place.is_dir() else place
    plugins = next((folder / name for name in ("plugins", "vlc/plugins") if (folder / name).is_dir()), None)
    return _Candidate(origin, str(library), plugins)


def _file_name() -> str:
    return {"win32": "libvlc.dll", "darwin": "libvlc.dylib"}.get(sys.platform, "libvlc.so.5")


def _system_candidates() -> Iterator[_Candidate]:
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramFiles(x86)"):
            folder = Path(os.environ.get(variable, "C:/Program Files")) / "VideoLAN" / "VLC"
            yield _Candidate(SYSTEM, str(folder / "libvlc.dll"), folder / "plugins")
    elif sys.platform == "darwin":
        folder = Path("/Applications/VLC.app/Contents/MacOS")
        yield _Candidate(SYSTEM, str(folder / "lib" / "libvlc.dylib"), folder / "plugins")
    else:
        # By its name first: asking the system where it is starts other programs.
        yield _Candidate(SYSTEM, "libvlc.so.5")
        found = ctypes.util.find_library("vlc")
        if found:
            yield _Candidate(SYSTEM, found)


def _load_core_first(candidate: _Candidate) -> None:
    if sys.platform == "darwin":
        ctypes.CDLL(str(Path(candidate.name).with_name("libvlccore.dylib")))
    elif sys.platform == "win32" and Path(candidate.name).parent.is_dir():
        os.add_dll_directory(str(Path(candidate.name).parent))


def _bind(candidate: _Candidate) -> Library:
    os.environ["PYTHON_VLC_LIB_PATH"] = candidate.name
    if candidate.plugins is not None and candidate.plugins.is_dir():
        os.environ["PYTHON_VLC_MODULE_PATH"] = str(candidate.plugins)
        os.environ["VLC_PLUGIN_PATH"] = str(candidate.plugins)
    try:
        vlc = importlib.import_module("vlc")
        version = vlc.libvlc_get_version().decode(errors="replace")
    except (ImportError, NotImplementedError, OSError, AttributeError, KeyError, SystemExit) as error:
        raise library_missing(f"{candidate.name}: {error!r}") from error
    return Library(vlc, candidate.origin, _loaded_path(candidate.name), version)


def _loaded_path(name: str) -> str:
    """Where the loaded library really is, as far as the system tells."""
    maps = Path("/proc/self/maps")
    if not Path(name).is_absolute() and maps.exists():
        for line in maps.read_text(errors="replace").splitlines():
            path = line.rpartition(" ")[2]
            if "/libvlc.so" in path:
                return path
    return name
