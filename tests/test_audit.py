"""What `make check` says of the libraries' known vulnerabilities, above all that nothing looked up is not a pass."""

import json

from tests.audit import verdict

SOUND = {"name": "numpy", "version": "2.4.0", "vulns": []}
FLAWED = {
    "name": "ray",
    "version": "2.50.0",
    "vulns": [{"id": "CVE-2026-41486", "fix_versions": ["2.55.0"], "aliases": [], "description": "..."}],
}
UNKNOWN = {"name": "torch", "skip_reason": "Dependency not found on PyPI and could not be audited: torch (2.13.0)"}


def report(*libraries: dict[str, object]) -> str:
    return json.dumps({"dependencies": libraries, "fixes": []})


def test_a_flaw_fails_and_is_named_with_the_version_that_mends_it() -> None:
    code, said = verdict(report(SOUND, FLAWED), "Found 1 known vulnerability in 1 package")
    assert code == 1
    assert said == (
        "ray 2.50.0: CVE-2026-41486, mended in 2.55.0\naudit: 2 of 2 locked libraries looked up, 1 known flaws"
    )


def test_without_a_flaw_it_passes_and_says_how_many_were_looked_up() -> None:
    assert verdict(report(SOUND, SOUND), "") == (0, "audit: 2 of 2 locked libraries looked up, 0 known flaws")


def test_what_could_not_be_looked_up_is_named() -> None:
    code, said = verdict(report(SOUND, UNKNOWN), "")
    assert code == 0
    assert said.endswith("audit: 1 of 2 locked libraries looked up, 0 known flaws\nnothing is told about torch")


def test_an_index_that_knows_nothing_is_no_clean_bill() -> None:
    """pip-audit says `No known vulnerabilities found` then, and ends with 0."""
    code, said = verdict(report(UNKNOWN, UNKNOWN), "No known vulnerabilities found")
    assert code == 0
    assert said == "audit skipped: the index tells nothing about any of the 2 locked libraries"


def test_without_a_network_it_is_skipped_and_says_why() -> None:
    code, said = verdict("", "Traceback\nConnectionError: name or service not known\n")
    assert code == 0
    assert said == "audit skipped: the advisories cannot be reached (ConnectionError: name or service not known)"
