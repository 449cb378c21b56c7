#!/bin/sh
# Sets up minelib from this folder, with no network. Run it by:  sh install.sh [FOLDER]
# 用这个文件夹安装 minelib，不需要网络。运行：sh install.sh [文件夹]
set -u
stick=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
target=${1:-"$HOME/minelib"}
wanted=$(cat "$stick/python-versions.txt")

say() { printf '%s\n' "$@"; }
stop() {
    say "" "$@" >&2
    exit 1
}

here="$(uname -s)-$(uname -m)"
grep -qx "$here" "$stick/systems.txt" || stop \
    "This stick is for $(tr '\n' ' ' <"$stick/systems.txt")and this computer is $here: ask for a stick that holds it." \
    "这个 U 盘适用于 $(tr '\n' ' ' <"$stick/systems.txt")，而本机是 $here：请索取包含本机的版本。"

# whole files only: a stick pulled out too early is found here and not in the middle
if command -v sha256sum >/dev/null 2>&1; then
    (cd "$stick" && sha256sum --quiet -c checksums.txt >/dev/null 2>&1) || stop \
        "Files on the stick are damaged or missing: copy it again." \
        "U 盘上的文件损坏或缺失：请重新拷贝。"
fi

# the same minor version as the packages, and no older than the one they were chosen for
fits='import sys
have = sys.version_info[:3]
want = tuple(map(int, sys.argv[1].split(".")))
sys.exit(have[:2] != want[:2] or have < want)'
python=
for version in $wanted; do
    minor=$(printf '%s' "$version" | cut -d. -f1,2)
    for each in "python$minor" python3 python; do
        if "$each" -c "$fits" "$version" 2>/dev/null; then
            python=$each
            break 2
        fi
    done
done
[ -n "$python" ] || stop \
    "Python $(say $wanted | tr '\n' ' ')is needed (or a later one of that minor version) and was not found. Install it, then run this again." \
    "需要 Python $(say $wanted | tr '\n' ' ')或同一小版本的更新版本，但没有找到。请先安装，再运行本脚本。"

say "1/3  $target ($("$python" -V))"
mkdir -p -- "$target" || stop "$target cannot be written: name another folder: sh install.sh FOLDER" \
    "$target 无法写入：请另选文件夹：sh install.sh 文件夹"
"$python" -m venv --clear -- "$target/env" >/dev/null 2>"$target/install.log" || stop \
    "Python cannot make an environment; on Debian and Ubuntu: sudo apt install python3-venv" \
    "Python 无法建立环境；Debian 和 Ubuntu 上：sudo apt install python3-venv" \
    "$(tail -n 3 "$target/install.log")"

say "2/3  minelib"
"$target/env/bin/python" -m pip install --no-index --no-input --disable-pip-version-check --quiet \
    --find-links "$stick/wheels" "minelib$(cat "$stick/extras.txt")" >"$target/install.log" 2>&1 || stop \
    "The packages could not be installed. The reason stands in $target/install.log:" \
    "软件包未能安装，原因见 $target/install.log:" "$(tail -n 5 "$target/install.log")"

say "3/3  lessons, 课程"
mkdir -p -- "$target/lessons" || exit 1
for lesson in "$stick"/lessons/*/*.ipynb "$stick"/lessons/*/*/*.ipynb; do
    place="$target/${lesson#"$stick/"}"
    # work that is there already is never written over
    if [ -e "$lesson" ] && [ ! -e "$place" ]; then
        mkdir -p -- "$(dirname -- "$place")" && cp -- "$lesson" "$place" || exit 1
    fi
done
cat >"$target/start.sh" <<'END'
#!/bin/sh
# JupyterLab on the lessons, with the package's settings: it asks nothing of the network
cd -- "$(dirname -- "$0")/lessons" || exit 1
settings='import minelib, pathlib; print(pathlib.Path(minelib.__file__).parent / "jupyter" / "config")'
JUPYTER_CONFIG_PATH=$(../env/bin/python -c "$settings")
export JUPYTER_CONFIG_PATH JUPYTER_PREFER_ENV_PATH=1
exec ../env/bin/python -m jupyterlab "$@"
END
chmod +x "$target/start.sh"

"$target/env/bin/minelib" doctor
say "" "Ready. Start with:" "完成。这样开始：" "    sh \"$target/start.sh\""
