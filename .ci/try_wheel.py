"""Build the wheel, install it into an empty environment, and run the main job there, away from the source tree."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRIES = (["--version"], ["profile", "list"], ["run", "--profile", "mage", "--world", "sim", "--seconds", "5", "--json"])


def main() -> int:
    """Exit code 0 when the wheel works on its own."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(work), str(ROOT)]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        wheel = next(work.glob("*.whl"))
        venv.create(work / "venv", with_pip=True)
        python = work / "venv" / "bin" / "python"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
        subprocess.run(pip, check=True)
        for args in TRIES:
            subprocess.run([str(python), "-m", "wowbot", *args], check=True, cwd=work, stdout=subprocess.DEVNULL)
            print(f"wheel: wowbot {' '.join(args)}: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
