# shellcheck shell=sh disable=SC2154  # root, venv and say() come from the script that reads this file
# What Haversack needs from the system: looked for at every start (about 20 ms), installed only where missing.

# group | what is looked for | Debian, Ubuntu | Fedora | what for
# The Debian names were verified one by one in a bare Debian 12; docs/dependencies.md says more.
system_table() {
    cat <<'TABLE'
qt|lib:libgthread-2.0.so.0|libglib2.0-0|glib2|Qt's event loop
qt|lib:libEGL.so.1|libegl1|libglvnd-egl|Qt's drawing
qt|lib:libGL.so.1|libgl1|libglvnd-glx|Qt's drawing
qt|lib:libdbus-1.so.3|libdbus-1-3|dbus-libs|Qt's link to the desktop
qt|lib:libfontconfig.so.1|libfontconfig1|fontconfig|finding fonts
qt|lib:libxkbcommon.so.0|libxkbcommon0|libxkbcommon|the keyboard
qt|lib:libgssapi_krb5.so.2|libgssapi-krb5-2|krb5-libs|Qt's network library
window|lib:libxcb-cursor.so.0|libxcb-cursor0|xcb-util-cursor|windows on X11
window|lib:libxcb-icccm.so.4|libxcb-icccm4|xcb-util-wm|windows on X11
window|lib:libxcb-image.so.0|libxcb-image0|xcb-util-image|windows on X11
window|lib:libxcb-keysyms.so.1|libxcb-keysyms1|xcb-util-keysyms|windows on X11
window|lib:libxcb-render-util.so.0|libxcb-render-util0|xcb-util-renderutil|windows on X11
window|lib:libxcb-shape.so.0|libxcb-shape0|libxcb|windows on X11
window|lib:libxkbcommon-x11.so.0|libxkbcommon-x11-0|libxkbcommon-x11|the keyboard on X11
window|lib:libwayland-client.so.0|libwayland-client0|libwayland-client|windows on Wayland
window|lib:libwayland-cursor.so.0|libwayland-cursor0|libwayland-cursor|windows on Wayland
video|lib:libvlc.so.5|libvlc5|vlc-libs|playing lectures
video|file:/usr/lib*/vlc/plugins/codec/libavcodec_plugin.so /usr/lib/*/vlc/plugins/codec/libavcodec_plugin.so|vlc-plugin-base|vlc-plugin-ffmpeg|playing lectures
video|file:/usr/lib*/vlc/vlc-cache-gen /usr/lib/*/vlc/vlc-cache-gen|libvlc-bin|vlc-plugins-base|starting the player quickly
font|font:|fonts-dejavu-core|dejavu-sans-fonts|readable text
python|python:|python3-venv|python3|fetching the Python packages
test|cmd:Xvfb|xvfb|xorg-x11-server-Xvfb|tests in a window
test|cmd:xauth|xauth|xorg-x11-xauth|tests in a window
test|file:/usr/lib/postgresql/*/bin/initdb /usr/bin/initdb|postgresql|postgresql-server|the server's tests on PostgreSQL
TABLE
}

has_library() {
    case $libraries in
        *"	$1 "*) return 0 ;;
    esac
    return 1
}

has_file() {
    # The pattern is split and expanded on purpose: several places, with wildcards.
    # shellcheck disable=SC2086
    for place in $1; do
        if [ -e "$place" ]; then return 0; fi
    done
    return 1
}

has_font() {
    for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.local/share/fonts" "${HOME:-/nonexistent}/.fonts"; do
        if [ -d "$folder" ] && [ -n "$(find -L "$folder" -name '*.[ot]t[fc]' -print -quit 2>/dev/null)" ]; then return 0; fi
    done
    return 1
}

# Sets `missing` to the rows of the named groups that are not satisfied.
probe_system() {
    missing=""
    if [ "$(uname -s)" = Darwin ]; then
        probe_macos "$1"
        return 0
    fi
    libraries=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null) || libraries=""
    table=$(system_table)
    while IFS= read -r row; do
        group=${row%%|*}
        case " $1 " in
            *" $group "*) ;;
            *) continue ;;
        esac
        probe=${row#*|}
        probe=${probe%%|*}
        case $probe in
            lib:*) [ -z "$libraries" ] || has_library "${probe#lib:}" || missing="$missing$row
" ;;
            file:*) has_file "${probe#file:}" || missing="$missing$row
" ;;
            cmd:*) command -v "${probe#cmd:}" >/dev/null 2>&1 || missing="$missing$row
" ;;
            python:) can_fetch || missing="$missing$row
" ;;
            font:) has_font || missing="$missing$row
" ;;
        esac
    done <<ROWS
$table
ROWS
}

# Qt's packages for macOS carry all they need; only VLC is a program of its own there.
probe_macos() {
    case " $1 " in
        *" video "*) [ -e /Applications/VLC.app ] || [ -e "$HOME/Applications/VLC.app" ] || missing="video|app:VLC|vlc|vlc|playing lectures
" ;;
    esac
}

package_manager() {
    for manager in apt-get dnf brew; do
        if command -v "$manager" >/dev/null 2>&1; then
            printf '%s' "$manager"
            return 0
        fi
    done
}

# The command that installs the packages named, as one line that can be copied.
install_line() {
    if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo "; fi
    case $1 in
        apt-get)
            apt_knows_packages || printf '%sapt-get update && ' "$as_root"
            printf '%sapt-get install -y --no-install-recommends%s' "$as_root" "$2"
            ;;
        dnf) printf '%sdnf install -y%s' "$as_root" "$2" ;;
        brew) printf 'brew install --cask%s' "$2" ;;
    esac
}

# False on a fresh system that has never looked what there is.
apt_knows_packages() {
    has_file '/var/lib/apt/lists/*_Packages*'
}

install_with_apt() {
    refreshed=no
    if ! apt_knows_packages; then
        run_logged apt-get -q update || return 1
        refreshed=yes
    fi
    # shellcheck disable=SC2086  # a list of package names
    set -- env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $1
    if run_logged "$@"; then return 0; fi
    if [ $refreshed = yes ]; then return 1; fi
    run_logged apt-get -q update && run_logged "$@"
}

# Installs as root, or as a user who is asked in a terminal; returns 1 where that is not possible or failed.
install_packages() {
    manager=$1
    packages=$2
    if [ "$manager" = brew ]; then
        # shellcheck disable=SC2086
        run_logged brew install --cask $packages
        return
    fi
    if [ "$(id -u)" = 0 ]; then
        say "Installing them with $manager."
        if [ "$manager" = apt-get ]; then
            install_with_apt "$packages"
        else
            # shellcheck disable=SC2086
            run_logged dnf install -y $packages
        fi
        return
    fi
    if [ -t 0 ] && [ -t 2 ] && command -v sudo >/dev/null 2>&1; then
        printf 'Install them now with sudo? [y/N] ' >&2
        read -r answer || answer=n
        case $answer in
            [yY]*)
                # Shown as it runs: it asks for a password and takes a while.
                sh -c "$(install_line "$manager" "$packages")" && return 0
                ;;
        esac
    fi
    return 1
}

# Runs a command without its output; when it fails the last lines are shown.
run_logged() {
    log=$(mktemp "${TMPDIR:-/tmp}/haversack-setup.XXXXXX")
    if "$@" >"$log" 2>&1 </dev/null 9>&-; then
        rm -f "$log"
        return 0
    fi
    say "  this failed: $*"
    tail -n 8 "$log" | sed 's/^/    /' >&2
    rm -f "$log"
    return 1
}

# Sets `packages` and `reasons` from the rows in `missing`, for one package manager.
packages_of_missing() {
    packages=""
    reasons=""
    while IFS='|' read -r group probe apt dnf why; do
        [ -n "$group" ] || continue
        case $1 in
            dnf) package=$dnf ;;
            *) package=$apt ;;
        esac
        packages="$packages $package"
        reasons="$reasons  $package ($why)
"
    done <<ROWS
$missing
ROWS
}

# Looks for the groups of things named and installs what is missing. Says what could not be had; ends the script only
# where nothing can work without it. What was said once about the rest is not said again until it changes.
set_up_system() {
    probe_system "$1"
    [ -n "$missing" ] || return 0
    declined=$venv/haversack-declined
    if [ "${retry_declined:-no}" = no ] && [ -f "$declined" ] && [ "$missing" = "$(cat "$declined")
" ]; then
        return 0
    fi
    manager=$(package_manager)
    packages_of_missing "$manager"
    say "These system packages are missing:"
    printf '%s' "$reasons" >&2
    if [ -n "$manager" ] && install_packages "$manager" "$packages"; then
        probe_system "$1"
    fi
    [ -n "$missing" ] || return 0
    packages_of_missing "$manager"
    say "Someone with the rights can install what is missing with:"
    case $manager in
        "") say "  (your system's package manager)$packages" ;;
        *) say "  $(install_line "$manager" "$packages")" ;;
    esac
    say_what_does_not_work
    # At the very first start there is no place for this yet; see set_up.
    if [ -d "$venv" ]; then remember_missing; fi
}

remember_missing() {
    if [ -n "$missing" ]; then printf '%s' "$missing" >"$venv/haversack-declined"; fi
}

say_what_does_not_work() {
    # What stops everything is all that matters, and then the only thing said.
    case $missing in
        qt* | *"
qt|"*)
            say "Haversack cannot start without Qt's libraries."
            exit 1
            ;;
    esac
    case $missing in
        python* | *"
python|"*)
            say "Haversack cannot fetch its Python packages without that."
            exit 1
            ;;
    esac
    case $missing in
        *"video|"*) say "Until then lectures cannot be played; everything else works." ;;
    esac
    case $missing in
        *"font|"*) say "Until then no text can be read: there is no font on this system." ;;
    esac
    case $missing in
        *"test|"*) say "Until then the tests that need a window are skipped." ;;
    esac
    case $missing in
        window* | *"
window|"*) say "Until then a window may not open." ;;
    esac
}
