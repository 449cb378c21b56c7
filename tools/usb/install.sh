#!/bin/sh
# Sets up minelib from this folder, with no network. Run it by:  sh install.sh [FOLDER]
folder=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
any=
for each in python3.14 python3.13 python3.12 python3.11 python3 python; do
    if "$each" "$folder/install.py" --fits 2>/dev/null; then
        exec "$each" "$folder/install.py" "$@"
    fi
    if [ -z "$any" ] && "$each" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null; then
        any=$each
    fi
done
# none fits: one that runs at all says why
if [ -n "$any" ]; then
    exec "$any" "$folder/install.py" "$@"
fi
cat "$folder/python.txt" >&2
exit 1
