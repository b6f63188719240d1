#!/bin/sh
# Makes .venv from uv.lock. Uses uv where it works, else brings it into .tools/; uv brings Python 3.10 where the machine has none.
set -eu
cd "$(dirname "$0")/.."

works() { "$1" --version >/dev/null 2>&1; }

bring_uv() {
    echo "Fetching uv into .tools/ ..." >&2
    for python in python3 python; do
        if works "$python"; then
            if "$python" -m venv .tools >&2 && .tools/bin/python -m pip install --quiet uv >&2; then
                return 0
            fi
            if "$python" -m pip install --quiet --target .tools/lib uv >&2; then
                mkdir -p .tools/bin && ln -sf ../lib/bin/uv .tools/bin/uv
                return 0
            fi
        fi
    done
    if works curl; then
        curl -LsSf https://astral.sh/uv/install.sh | UV_UNMANAGED_INSTALL="$PWD/.tools/bin" sh >&2 && return 0
    fi
    echo "uv can't be fetched: install python3 with pip, or curl, or uv itself (https://docs.astral.sh/uv/)." >&2
    return 1
}

if works uv; then
    uv=uv
elif works .tools/bin/uv; then
    uv=.tools/bin/uv
else
    bring_uv
    uv=.tools/bin/uv
fi
echo "Making the environment in .venv/ from uv.lock ..."
"$uv" sync --frozen --quiet --compile-bytecode || {
    echo "The environment could not be made: uv's message stands above." >&2
    exit 1
}
