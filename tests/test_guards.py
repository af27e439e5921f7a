"""The guards guard: each is shown one test that breaks its rule and one that keeps it."""

from __future__ import annotations

import pytest

CONFTEST = """
from tests.guards.environment import settle
settle()
pytest_plugins = ["tests.guards.network", "tests.guards.logs", "tests.guards.leftovers", "tests.guards.windows"]
"""
INI = """
[pytest]
qt_api = pyside6
qt_log_level_fail = WARNING
filterwarnings = error
leftover_grace_s = 0.5
"""

LEAVING = """
import subprocess, sys, threading
import pytest

release = threading.Event()
SLEEP = "import time; time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}])"

@pytest.fixture(scope="module")
def lasting_process():
    process = subprocess.Popen([sys.executable, "-c", SLEEP])
    yield process
    process.kill()
    process.wait()

@pytest.fixture(scope="module")
def lasting_thread():
    thread = threading.Thread(target=release.wait)
    thread.start()
    yield
    release.set()
    thread.join()

def test_good(lasting_process, lasting_thread):
    thread = threading.Thread(target=print)
    thread.start()
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_thread():
    threading.Thread(target=release.wait, daemon=True).start()

def test_process():
    test_process.child = subprocess.Popen([sys.executable, "-c", SLEEP])

def test_grandchild():
    subprocess.run([sys.executable, "-c", PARENT], check=True)

def test_failed_for_its_own_reason():
    threading.Thread(target=release.wait, daemon=True).start()
    assert False

def test_after(lasting_process):
    assert lasting_process.poll() is None
"""

WITH_QT = """
import pytest
from PySide6.QtCore import QObject, QTimer, qWarning
from PySide6.QtWidgets import QDialog, QLabel, QWidget

kept = []

@pytest.fixture
def closed_window(qapp):
    window = QWidget()
    yield window
    window.close()

def test_good(qtbot, closed_window):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    QDialog(window).open()
    QTimer(window).start(1000)
    QLabel("goes with its last reference")
    timer = QTimer()
    timer.start(10)
    with qtbot.waitSignal(timer.timeout):
        pass
    timer.stop()
    looped = QWidget()
    looped.myself = looped

def test_window(qapp):
    kept.append(QWidget())
    kept[-1].show()

def test_hidden_window(qapp):
    kept.append(QWidget())

def test_timer(qapp):
    kept.append(QTimer())
    kept[-1].start(1000)

def test_timer_with_an_owner(qapp):
    kept.append(QObject())
    QTimer(kept[-1]).start(1000)

def test_message(qapp):
    qWarning("something is wrong")

def test_after(qapp):
    pass
"""

LOG_AND_NETWORK = """
import logging, socket, warnings
import pytest

log = logging.getLogger("ours")

def test_quiet():
    log.info("all is well")
    logging.getLogger("django.request").warning("Not Found: /v1/nothing")

def test_warned():
    log.warning("disk nearly full")

def test_expected(expected_log):
    expected_log("disk .* full")
    expected_log("maybe", optional=True)
    log.warning("disk nearly full")

@pytest.mark.expected_log("disk")
def test_marked():
    log.error("disk full")

def test_never_came(expected_log):
    expected_log("disk")

def test_handler_left():
    logging.getLogger().addHandler(logging.NullHandler())

def test_far_address():
    with pytest.raises(OSError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_far_name():
    with pytest.raises(OSError):
        socket.getaddrinfo("example.com", 80)

def test_name_that_exists_nowhere():
    with pytest.raises(socket.gaierror):
        socket.create_connection(("server.invalid", 80), timeout=1)

def test_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=5) as there:
            there.sendall(b"x")

def test_warning():
    warnings.warn("old", DeprecationWarning)

"""


@pytest.fixture
def guarded(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with nothing but the guards in it."""
    pytester.makeconftest(CONFTEST)
    pytester.makeini(
        "[pytest]\nqt_api = pyside6\nqt_log_level_fail = WARNING\nfilterwarnings = error\nleftover_grace_s = 0.5"
    )
    return pytester


def _verdicts(guarded: pytest.Pytester, *options: str) -> dict[str, str]:
    """Run; the worst outcome of each test by its name (``-rA`` has one line an outcome)."""
    result = guarded.runpytest_subprocess("-rA", "-q", "-p", "no:cacheprovider", *options, timeout=100)
    verdicts: dict[str, str] = {}
    for line in result.outlines:
        outcome, _, rest = line.partition(" ")
        if outcome in ("PASSED", "FAILED", "ERROR") and "::" in rest:
            name = rest.split("::", 1)[1].split(" ", 1)[0]
            if verdicts.get(name) in (None, "PASSED"):
                verdicts[name] = outcome
    return verdicts


def test_what_is_left_behind_fails_the_test(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(LEAVING)
    assert _verdicts(guarded) == {
        "test_good": "PASSED",
        "test_thread": "ERROR",
        "test_process": "ERROR",
        "test_grandchild": "ERROR",
        "test_failed_for_its_own_reason": "FAILED",
        "test_after": "PASSED",
    }


def test_windows_timers_and_messages_of_qt_fail_the_test(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(WITH_QT)
    assert _verdicts(guarded) == {
        "test_good": "PASSED",
        "test_window": "ERROR",
        "test_hidden_window": "ERROR",
        "test_timer": "ERROR",
        "test_timer_with_an_owner": "ERROR",
        "test_message": "FAILED",
        "test_after": "PASSED",
    }


def test_log_records_network_and_warnings_fail_the_test(guarded: pytest.Pytester) -> None:
    guarded.makepyfile(LOG_AND_NETWORK)
    assert _verdicts(guarded) == {
        "test_quiet": "PASSED",
        "test_warned": "ERROR",
        "test_expected": "PASSED",
        "test_marked": "PASSED",
        "test_never_came": "ERROR",
        "test_handler_left": "ERROR",
        "test_far_address": "ERROR",
        "test_far_name": "ERROR",
        "test_name_that_exists_nowhere": "PASSED",
        "test_this_machine": "PASSED",
        "test_warning": "FAILED",
    }


def test_without_qt_the_guards_load_none_of_it(guarded: pytest.Pytester) -> None:
    guarded.makeini("[pytest]")
    guarded.makepyfile("""
        import sys

        def test_bare():
            assert not [name for name in sys.modules if name.startswith("PySide6")]
    """)
    assert _verdicts(guarded, "-p", "no:pytest-qt") == {"test_bare": "PASSED"}


def test_the_environment_is_the_same_everywhere(guarded: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "QT_SCALE_FACTOR": "2",
        "LC_MESSAGES": "de_DE.UTF-8",
        "TZ": "Asia/Kathmandu",
        "HAVERSACK_HOME": "/elsewhere",
        "DISPLAY": ":77",
        "https_proxy": "http://proxy.invalid",
        "QT_QPA_PLATFORM": "offscreen",
    }.items():
        monkeypatch.setenv(name, value)
    guarded.makepyfile("""
        import os, time
        from pathlib import Path
        import keyring
        import pytest

        def test_environment():
            for name in ("QT_SCALE_FACTOR", "LC_MESSAGES", "HAVERSACK_HOME", "DISPLAY", "https_proxy"):
                assert name not in os.environ
            assert time.tzname[0] == "UTC"
            assert "haversack-tests-" in str(Path.home())

        def test_no_keyring():
            with pytest.raises(keyring.errors.NoKeyringError):
                keyring.get_password("haversack", "somebody")
    """)
    assert _verdicts(guarded) == {"test_environment": "PASSED", "test_no_keyring": "PASSED"}
