"""The narrator: one sentence at a time, so that its length is known exactly."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resources.make_sample.script import Line

Sound = NDArray[np.float32]

RATE = 24_000
PACE = 0.94
"""A little slower than the voice's own: learners follow in a second language."""
LOUDNESS = -18.0
"""Integrated loudness in LUFS."""
CEILING = 0.89
SILENCE = 0.006
MARGIN_S = 0.04

SPOKEN_AS = {"COUNT(*)": "count star", "COUNT(mm)": "count of millimetres", "SQLite": "S Q light", "mm": "millimetres"}
"""What the voice would spell or stumble over."""


class Narrator:
    """Speaks with the voice that hibari-tts carries. The same text gives the same samples."""

    def __init__(self) -> None:
        self._speak: Any = import_module("hibari").Hibari(threads=1)

    def say(self, line: Line) -> Sound:
        """Mono samples at ``RATE`` without the silence around them."""
        text = line.say or line.en
        for written, spoken in SPOKEN_AS.items():
            text = text.replace(written, spoken)
        sound: Sound = self._speak(text, speed=PACE, seed=7)
        heard = np.flatnonzero(np.abs(sound) > SILENCE)
        margin = int(MARGIN_S * RATE)
        trimmed = sound[max(0, heard[0] - margin) : heard[-1] + 3 * margin].copy()
        ramp = np.linspace(0.0, 1.0, margin, dtype=np.float32)
        trimmed[:margin] *= ramp
        trimmed[-margin:] *= ramp[::-1]
        return trimmed


def _weight(frequency: NDArray[np.floating]) -> NDArray[np.float64]:
    """The squared K-weighting of ITU-R BS.1770-4: its two filters' responses at 48 kHz, sampled at ``frequency``."""
    z = np.exp(-2j * math.pi * frequency / 48_000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    weighted: NDArray[np.float64] = np.abs(shelf * high_pass) ** 2
    return weighted


def loudness(sound: Sound) -> float:
    """Gated loudness in LUFS after ITU-R BS.1770-4, from the spectra of 400 ms blocks."""
    size, hop = int(0.4 * RATE), int(0.1 * RATE)
    weight = _weight(np.fft.rfftfreq(size, 1 / RATE))
    # Parseval for a real spectrum: every bin but the first and the last stands for two.
    weight[1:-1] *= 2
    powers = np.array(
        [
            float(np.sum(weight * np.abs(np.fft.rfft(sound[at : at + size])) ** 2)) / size**2
            for at in range(0, len(sound) - size, hop)
        ]
    )
    levels = -0.691 + 10 * np.log10(powers + 1e-12)
    kept = powers[levels > -70]
    gate = -0.691 + 10 * math.log10(float(kept.mean())) - 10
    return -0.691 + 10 * math.log10(float(powers[levels > gate].mean()))


def level(sound: Sound) -> Sound:
    """Bring to ``LOUDNESS``; peaks above the ceiling are bent, not cut."""
    louder = sound * np.float32(10 ** ((LOUDNESS - loudness(sound)) / 20))
    knee = 0.6
    over = np.abs(louder) > knee
    bent = knee + (CEILING - knee) * np.tanh((np.abs(louder) - knee) / (CEILING - knee))
    result: Sound = np.where(over, np.sign(louder) * bent, louder).astype(np.float32)
    return result
