"""What is said when: the cues of a moment, also where they overlap, without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from protocol.cues.track import Track


class Moments:
    """Looks moments up in a track. Takes O(log n) for each, and as much again for every cue that is found."""

    def __init__(self, track: Track) -> None:
        self._starts, self._ends = track.starts_ms, track.ends_ms
        # A tree in an array: node n has the latest end of what is below it, its children are 2n and 2n + 1.
        self._width = 1 << max(0, len(track) - 1).bit_length()
        latest = [0] * (2 * self._width)
        latest[self._width : self._width + len(track)] = self._ends.tolist()
        for node in range(self._width - 1, 0, -1):
            left, right = latest[2 * node], latest[2 * node + 1]
            latest[node] = left if left > right else right
        self._latest = latest

    def active(self, position_ms: int) -> tuple[int, ...]:
        """The cues that are said at a moment, first begun first; most often one or none."""
        begun = bisect_right(self._starts, position_ms)
        found: list[int] = []
        nodes = [(1, 0, self._width)] if begun else []
        while nodes:
            node, first, width = nodes.pop()
            if first >= begun or self._latest[node] <= position_ms:
                continue
            if width == 1:
                found.append(first)
            else:
                half = width // 2
                nodes.append((2 * node + 1, first + half, half))
                nodes.append((2 * node, first, half))
        return tuple(found)

    def begun(self, position_ms: int) -> int | None:
        """The cue that began last, whether or not it is over; None before the first."""
        number = bisect_right(self._starts, position_ms) - 1
        return number if number >= 0 else None

    def current(self, position_ms: int) -> int | None:
        """The line to light: of the cues that are said the one that began last, else the one that was said last.

        A remark that is over does not hide the longer line that it interrupted.
        """
        begun = self.begun(position_ms)
        if begun is None or self._ends[begun] > position_ms:
            return begun
        active = self.active(position_ms)
        return active[-1] if active else begun

    def next_change(self, position_ms: int) -> int | None:
        """The first moment after ``position_ms`` at which a cue begins or ends; None after the last."""
        begun = bisect_right(self._starts, position_ms)
        moments = [self._ends[number] for number in self.active(position_ms)]
        if begun < len(self._starts):
            moments.append(self._starts[begun])
        return min(moments, default=None)

    def within(self, start_ms: int, end_ms: int) -> range:
        """The numbers of the cues that begin from ``start_ms`` until before ``end_ms``."""
        return range(bisect_left(self._starts, start_ms), bisect_left(self._starts, end_ms))
