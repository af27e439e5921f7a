"""ALSA's complaints do not reach the terminal of whoever starts the program from one."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from desktop.player.quiet_sound import LOUD_VARIABLE

OPEN_NO_DEVICE = """
import ctypes
from desktop.player.quiet_sound import quiet_sound
quiet_sound()
device = ctypes.c_void_p()
print(ctypes.CDLL("libasound.so.2").snd_pcm_open(ctypes.byref(device), b"there-is-no-such-device", 0, 0))
"""


def _has_alsa() -> bool:
    try:
        ctypes.CDLL("libasound.so.2")
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_alsa(), reason="the sound library of Linux is not here")
@pytest.mark.parametrize("loud", [False, True])
def test_a_device_that_is_not_there_is_told_by_the_answer_alone(loud: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != LOUD_VARIABLE}
    if loud:
        environment[LOUD_VARIABLE] = "1"
    ran = subprocess.run(
        [sys.executable, "-c", OPEN_NO_DEVICE], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert int(ran.stdout) < 0
    assert ("ALSA lib" in ran.stderr) is loud
