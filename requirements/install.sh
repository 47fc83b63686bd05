#!/usr/bin/env bash
# install.sh VENV LIST: bring the environment VENV to exactly what requirements/LIST.txt locks, hashes checked,
# and put the command `kaona` into it. The machine's own index settings apply; none are given here.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$1/bin
list=requirements/$2.txt

"$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt

# uv does not read pip's configuration. Where a mirror is set for pip and none for uv, uv is told of pip's.
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
  mirror=${PIP_INDEX_URL:-$("$bin/python" -m pip config get global.index-url 2>/dev/null || true)}
  if [ -n "$mirror" ]; then export UV_DEFAULT_INDEX="$mirror"; fi
fi
export VIRTUAL_ENV=$PWD/$1
if [ "$1" != "${1#/}" ]; then VIRTUAL_ENV=$1; fi

echo "Installing the packages of $list ..."
# Compiled here once, so that every start of the program is quick, also where Python may not write bytecode.
if ! "$bin/uv" pip sync --quiet --require-hashes --compile-bytecode "$list"; then
  echo "The quick installer could not reach every package; trying pip, which knows all of the machine's settings ..." >&2
  "$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$list"
fi
# This folder itself, changeable in place (a plain path, so that `kaona --help` stays quick).
"$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index \
  --editable .
