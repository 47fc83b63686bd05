"""Make the virtual environment: ``python requirements/environment.py .venv``.

Runs on the machine's own Python, before anything is installed. Debian ships Python without ``ensurepip``: then a pip
that is already on the machine is used, and where there is none the message says which package to install.
"""

import subprocess
import sys
import venv
from pathlib import Path

NO_PIP = """\
This Python cannot make a complete virtual environment: its `ensurepip` part is missing.
On Debian or Ubuntu:   sudo apt-get install python3-venv
Then run the same command again. (Another Python works too: make setup PYTHON=/path/to/python3)"""


def has(module: str) -> bool:
    """Whether this Python can run ``module``."""
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def main(folder: Path) -> int:
    """Create ``folder`` with pip in it; the exit code."""
    print(f"Making the environment {folder} with Python {sys.version.split()[0]} ...", flush=True)
    if has("ensurepip"):
        venv.create(folder, with_pip=True, clear=folder.exists())
        return 0
    if not has("pip"):
        print(NO_PIP, file=sys.stderr)
        return 1
    venv.create(folder, with_pip=False, clear=folder.exists())
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "pip"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
