# shellcheck shell=sh disable=SC2154  # root, venv, say(), run_logged() and others come from the files read before
# The virtual environment: made and filled from a lock file, checked at every start by a stamp.

# What a finished environment has in its stamp: which lock file, its checksum, the Python it was made with.
expected_stamp() {
    printf '%s %s %s' "$1" "$(cksum <"$root/requirements/$1.lock")" \
        "$("$venv/bin/python" -ISc 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)"
}

# True if the environment fits the lock file; one made for the tests (dev) has all that the application needs.
environment_ready() {
    [ -f "$venv/haversack-stamp" ] && [ ! -e "$venv/haversack-unfinished" ] || return 1
    stamp=$(cat "$venv/haversack-stamp")
    [ "$stamp" = "$(expected_stamp "${stamp%% *}")" ] || return 1
    [ "$1" = app ] || [ "${stamp%% *}" = "$1" ]
}

# Sets `python` to a Python that is new enough.
find_python() {
    look_for_python && return 0
    if [ -z "$old" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing Python with apt-get: python3, python3-venv."
        install_with_apt "python3 python3-venv"
        look_for_python && return 0
    fi
    if [ -n "$old" ]; then
        say "Haversack needs Python 3.11 or newer; found here: $old."
        say "Install a newer one and name it: HAVERSACK_PYTHON=/path/to/python3.11 $0"
    else
        say "Haversack needs Python 3.11 or newer; none was found. On Debian or Ubuntu:"
        say "  sudo apt-get install -y python3 python3-venv"
    fi
    exit 1
}

look_for_python() {
    old=""
    for python in ${HAVERSACK_PYTHON:+"$HAVERSACK_PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then return 0; fi
        [ -n "$old" ] || old=$("$python" --version 2>/dev/null) || old=""
    done
    return 1
}

# Packages can be fetched by uv, or by pip, which comes with a module that Debian packages apart.
can_fetch() {
    uv --version >/dev/null 2>&1 || "$python" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# Only one start sets up at a time. The lock is held by descriptor 9 and falls with the process, however it ends.
lock_setup() {
    exec 9>"$venv.lock"
    if ! "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null; then
        say "Another start is setting Haversack up; waiting for it."
        "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
    fi
}

# An empty environment, or the one that is there if it works. A set-up that was killed half way is thrown away.
prepare_venv() {
    if [ -e "$venv/haversack-unfinished" ] || { [ -e "$venv/pyvenv.cfg" ] && ! "$venv/bin/python" -c pass 2>/dev/null; }; then
        say "The last set-up did not finish, or its Python is gone: starting it afresh."
        rm -rf "$venv"
    fi
    if [ -e "$venv/pyvenv.cfg" ]; then
        : >"$venv/haversack-unfinished"
        return 0
    fi
    if [ -d "$venv" ] && [ -n "$(ls -A "$venv")" ]; then
        say "$venv is in the way: it is a folder, but no virtual environment. Move it, or set HAVERSACK_VENV."
        exit 1
    fi
    mkdir -p "$venv"
    : >"$venv/haversack-unfinished"
    run_logged "$python" -m venv --without-pip "$venv" || exit 1
}

# Sets `uv` to a working uv: the system's, or one put into the environment by pip. Returns 1 if there is none.
find_uv() {
    for uv in uv "$venv/tools/bin/uv"; do
        if "$uv" --version >/dev/null 2>&1; then return 0; fi
    done
    have_pip && run_logged "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --target "$venv/tools" -r "$root/requirements/uv.lock"
}

have_pip() {
    "$venv/bin/python" -c 'import pip' 2>/dev/null || run_logged "$venv/bin/python" -m ensurepip
}

# Compiled at once, or the first start would pay for it. Certificates are the system's, as pip takes them too: in many
# offices and schools a proxy signs with a certificate that only the system knows (two names, for older and newer uv).
fill_venv() {
    lock_file=$root/requirements/$1.lock
    if find_uv && UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true \
        run_logged "$uv" pip install --quiet --compile-bytecode --require-hashes --python "$venv/bin/python" -r "$lock_file"; then
        return 0
    fi
    say "Trying again with pip."
    have_pip && PIP_RETRIES=1 run_logged "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r "$lock_file"
}

# set_up KIND GROUPS: the packages of requirements/KIND.lock and the named groups of system packages.
set_up() {
    if environment_ready "$1"; then
        set_up_system "$2"
        return 0
    fi
    find_python
    lock_setup
    set_up_system "python $2"
    # Whoever held the lock may have done the work meanwhile.
    environment_ready "$1" || set_up_environment "$1"
    exec 9>&-
    remember_missing
}

set_up_environment() {
    # The tests' packages stay where they are already: the application's are among them.
    kind=$1
    case $(cat "$venv/haversack-stamp" 2>/dev/null) in
        dev*) kind=dev ;;
    esac
    say "Setting up the Python packages (this takes a minute or two, once)."
    prepare_venv
    if ! fill_venv "$kind"; then
        # Both tools fetch everything before they change anything: what was there is whole.
        rm -f "$venv/haversack-unfinished"
        if [ "$1" = app ] && [ -f "$venv/haversack-stamp" ]; then
            say "The newer Python packages could not be fetched; going on with those of last time."
            return 0
        fi
        say "The Python packages could not be fetched. Check the network (a proxy is taken from HTTPS_PROXY) and start again:"
        say "what has arrived already is kept and not fetched twice."
        exit 1
    fi
    expected_stamp "$kind" >"$venv/haversack-stamp"
    rm -f "$venv/haversack-unfinished"
}
