# Sourced by the other scripts: finds a Python the set-up can run under and hands
# the rest to tools/environment.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' \
        2>/dev/null
}

for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.10; do
    if supported "$candidate"; then
        python=$candidate
        break
    fi
done

if [ -z "${python:-}" ]; then
    echo "Python 3.10 to 3.13 is needed, and none was found." >&2
    echo "Install it (Debian: apt-get install python3 python3-venv)," >&2
    echo "or name one: PYTHON=/path/to/python3.11 $0" >&2
    exit 1
fi

# Sets up what is missing, then runs tools/$1 inside the environment.
run_tool() {
    exec "$python" -m tools.environment run "$@"
}
