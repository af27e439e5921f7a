"""Keeps ALSA, the sound library of Linux, from writing to the terminal.

Where there is no sound card it complains in dozens of lines each time a lecture is opened, past every setting of libVLC
(``--quiet`` does not reach it). Nothing of how sound is played is changed.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys

log = logging.getLogger(__name__)

LOUD_VARIABLE = "HAVERSACK_SOUND_ERRORS"
"""When set, ALSA's complaints stay: for looking into trouble with sound, and for the self-test, which needs them."""


def quiet_sound() -> None:
    """From now on ALSA's errors go nowhere. Cheap; call it before libVLC plays, from any thread."""
    if not sys.platform.startswith("linux") or os.environ.get(LOUD_VARIABLE):
        return
    try:
        set_handler = ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler
        # The handler is called with what to print, in libVLC's threads, until the process ends. A Python function would
        # take the interpreter's lock each time and be gone before that end; one of C that looks at no argument does.
        nothing = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
    except (OSError, AttributeError) as error:
        log.debug("nothing to quiet: %s", error)  # no ALSA here
        return
    set_handler.argtypes, set_handler.restype = [ctypes.c_void_p], ctypes.c_int
    set_handler(nothing)
