"""Known vulnerabilities of the locked libraries, by pip-audit: make check

    python -m tests.audit [FILE]

Ends with 1 if a library has one. Where the advisories cannot be had it says so and ends with 0, because a machine
without a network must be able to check its work. pip-audit itself ends with 0 when it could look up nothing at all.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "constraints.txt"
PATIENCE = 300.0  # seconds for all libraries


def main(lock: Path) -> int:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        code, said = verdict("", f"no answer within {PATIENCE:g} s")
    else:
        code, said = verdict(done.stdout, done.stderr)
    print(said)
    return code


def verdict(report: str, complaint: str) -> tuple[int, str]:
    """The exit code and what to say, from pip-audit's report as JSON and what it wrote to standard error."""
    try:
        libraries: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return 0, f"audit skipped: the advisories cannot be reached ({_last(complaint)})"
    unknown = [str(library["name"]) for library in libraries if "skip_reason" in library]
    looked_up = len(libraries) - len(unknown)
    if not looked_up:
        return 0, f"audit skipped: the index tells nothing about any of the {len(libraries)} locked libraries"
    found = [_line(library, flaw) for library in libraries for flaw in library.get("vulns", [])]
    lines = [*found, f"audit: {looked_up} of {len(libraries)} locked libraries looked up, {len(found)} known flaws"]
    if unknown:
        lines.append(f"nothing is told about {', '.join(unknown)}")
    return int(bool(found)), "\n".join(lines)


def _line(library: dict[str, Any], flaw: dict[str, Any]) -> str:
    mended = ", ".join(flaw["fix_versions"]) or "no version yet"
    return f"{library['name']} {library['version']}: {flaw['id']}, mended in {mended}"


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else LOCK))
