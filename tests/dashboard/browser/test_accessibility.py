"""Pages for everybody: the rules of axe, and what it does not look at.

What no app can change, because Streamlit or Vega draw it so, is named in THEIRS with the elements it concerns.
"""

from types import ModuleType
from typing import Any

import pytest

from dashboard.theme import DARK
from tests.dashboard.browser.visit import PAGES

THEIRS = {
    "duplicate-id-active": "glide-cell-",  # the cells of two tables on one page have the same ids
    "svg-img-alt": "role-mark",  # a group of marks that has none
}
OPEN = (
    "coverage?concept=9.4.1+Residual+connection",
    "compose?new_tasks=image/digits&new_architectures=mlp&new_vary=depth&vary_depth=2,+8&new_claims=1&new_needs=true",
)
SERIOUS = ("serious", "critical")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def violations(page: Any) -> list[str]:
    """Broken rules of WCAG 2.1 A and AA, each with the elements that break it."""
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core-python is not installed")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {[node['html'][:160] for node in rule['nodes'][:3]]}"
        for rule in found
        if rule["impact"] in SERIOUS and not _not_ours(rule)
    ]


def _not_ours(rule: dict[str, Any]) -> bool:
    mark = THEIRS.get(rule["id"])
    return all((mark is not None and mark in node["html"]) or _chosen(node) for node in rule["nodes"])


def _chosen(node: dict[str, Any]) -> bool:
    """White on what was chosen, in the dark: the one pair of colours that cannot have 4.5:1 (see theme.Palette)."""
    found = [check["data"] for check in node["any"] if check["id"] == "color-contrast"]
    return bool(found) and found[0]["bgColor"] == DARK.chosen and found[0]["contrastRatio"] >= 3.7


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_is_broken(scheme: str, open_page, made: ModuleType) -> None:  # type: ignore[no-untyped-def]
    watched = open_page(scheme)
    broken = {}
    for address in (*PAGES, *OPEN, f"record?id={made.study_trials()[5].id}"):
        watched.visit(address)
        if found := violations(watched.page):
            broken[address] = found
    assert broken == {}


def test_everything_that_can_be_used_has_a_name(open_page) -> None:  # type: ignore[no-untyped-def]
    watched = open_page()
    for address in PAGES:
        watched.visit(address)
        nameless = watched.page.evaluate(
            """() => [...document.querySelectorAll('button, a, input, [role=combobox], [role=button]')]
                .filter(e => e.offsetParent !== null && !e.closest('[aria-hidden=true]'))
                .filter(e => !(e.innerText || '').trim() && !e.getAttribute('aria-label') && !e.getAttribute('title')
                    && !e.getAttribute('aria-labelledby') && !(e.labels && e.labels.length))
                .map(e => e.outerHTML.slice(0, 150))"""
        )
        assert nameless == [], address
