"""Every fault of a line at every endpoint: said as what it is, and afterwards everything is as if there was none.

A normal run tries a part of the combinations, in which each endpoint and each fault is met several times. With
``HAVERSACK_FAULT_ROUNDS`` all are tried, and so many random sequences of faults beside them.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable

import pytest

from desktop.errors import Problem
from desktop.sync import transport
from protocol.openapi import OPERATIONS, Operation
from tests.contract.faults.all_cases import CASES
from tests.contract.faults.cases import Case
from tests.contract.faults.kinds import KINDS, LATE, Kind
from tests.contract.faults.place import Place

ALL = "HAVERSACK_FAULT_ROUNDS" in os.environ
ROUNDS = int(os.environ.get("HAVERSACK_FAULT_ROUNDS", "2"))
SAMPLED = 8
"""Of so many combinations one is tried in a normal run."""
PATIENCE_S = 0.3

BY_NAME = {(operation.method, operation.path): operation for operation in OPERATIONS}


def operation_of(case: type[Case]) -> Operation:
    """As the protocol's document has it."""
    return BY_NAME[case.operation]


MATRIX = [
    pytest.param(case, name, id=f"{case.__name__}-{name}")
    for row, case in enumerate(CASES)
    for column, (name, kind) in enumerate(KINDS.items())
    if kind.applies(operation_of(case)) and (ALL or (5 * row + column) % SAMPLED == 0)
]


def test_no_endpoint_is_forgotten() -> None:
    assert {case.operation for case in CASES} == BY_NAME.keys()


def test_each_endpoint_and_each_fault_is_in_a_normal_run() -> None:
    sampled = [
        (case.operation, name)
        for row, case in enumerate(CASES)
        for column, (name, kind) in enumerate(KINDS.items())
        if kind.applies(operation_of(case)) and (5 * row + column) % SAMPLED == 0
    ]
    assert {operation for operation, _ in sampled} == BY_NAME.keys()
    assert {name for _, name in sampled} == KINDS.keys()


def mend(place: Place, case: Case) -> None:
    """From now on the line is good."""
    place.proxy.faults.clear()
    afresh(place, case)


def afresh(place: Place, case: Case) -> None:
    """No connection of before is used again."""
    place.one.gateway.start_afresh()
    for newcomer in (getattr(case, "newcomer", None), getattr(case, "leaving", None)):
        if newcomer is not None:
            newcomer.gateway.start_afresh()


def under(place: Place, case: Case, tries: int, said: Callable[[Problem], None]) -> bool:
    """Try as long as there are faults. Returns whether it came to its end."""
    for _ in range(tries):
        afresh(place, case)
        try:
            case.act()
        except Problem as problem:
            said(problem)
        else:
            return True
    return False


@pytest.mark.parametrize(("made", "name"), MATRIX)
def test_a_fault(place: Place, made: type[Case], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS[name]
    case = made(place)
    told: list[Problem] = []
    place.proxy.spoilt.clear()
    tries = 1 if kind.slow else 2
    place.proxy.spoil(*[kind.fault] * tries)
    with monkeypatch.context() as patience:
        if kind.slow or kind.fault.half_close_after is not None:
            patience.setattr(transport, "READ_S", PATIENCE_S)
        done = under(place, case, tries, told.append)
    mend(place, case)
    require_clear(made, kind, told, place.proxy.spoilt)
    if not done or made.operation[0] == "delete":
        assert under(place, case, 1, told.append), told[-1]
    case.check()
    place.require_sound()


def require_clear(made: type[Case], kind: Kind, told: list[Problem], spoilt: list[str]) -> None:
    """The fault was met where it should be, and what was said of it was right."""
    method, path = made.operation
    asked = re.compile(f"{method.upper()} {re.sub('{[^}]*}', '[^/]+', path)}(\\?\\S*)? HTTP/1.1|")
    assert spoilt
    assert [line for line in spoilt if not asked.fullmatch(line)] == []
    assert {problem.code for problem in told} <= kind.says | made.says
    assert all(problem.text and problem.way_out for problem in told)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_sequence(place: Place, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thing after the other is asked, and each connection meets another fault."""
    chance = random.Random(seed)
    for made in chance.sample([made for made in CASES if made.operation[0] != "delete"], 3):
        case = made(place)
        kinds = [chance.choice(list(KINDS.values())) for _ in range(3)]
        place.proxy.spoil(*(kind.fault for kind in kinds))
        told: list[Problem] = []
        with monkeypatch.context() as patience:
            patience.setattr(transport, "READ_S", PATIENCE_S)
            done = under(place, case, len(kinds), told.append)
        mend(place, case)
        # With so little patience a busy computer is too late as well.
        assert {problem.code for problem in told} <= LATE.union(made.says, *(kind.says for kind in kinds))
        assert done or under(place, case, 1, told.append), told[-1]
        case.check()
        place.require_sound()
