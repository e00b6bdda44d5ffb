"""A viewer of the dashboard without a browser: opens a page, and reads what it says."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import dashboard

# A server looks once through all packages for components; AppTest does so at every run, which takes longer than a page.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

APP = Path(dashboard.__file__).with_name("app.py")


def page(name: str, **query: str | list[str]) -> AppTest:
    """The page as it is drawn; whatever it meets, it never shows a traceback."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    if name != "home":
        app.switch_page(f"views/{name}.py")
    app.run()
    assert not app.exception, app.exception
    assert [title.value for title in app.title] == [name.capitalize()]
    return app


def told(app: AppTest) -> str:
    """All words outside tables."""
    parts = (app.text, app.caption, app.code, app.markdown, app.subheader, app.metric)
    return "\n".join(str(element.value) for elements in parts for element in elements)


def elements(app: AppTest) -> int:
    return sum(1 for _ in _leaves(app.main))


def _leaves(block: object) -> Iterator[object]:
    children = getattr(block, "children", None)
    if children is None:
        yield block
    else:
        for child in children.values():
            yield from _leaves(child)


def charts(app: AppTest) -> list[str]:
    """What stands for each chart where it cannot be seen."""
    return [str(chart.proto.alt) for chart in app.get("vega_lite_chart")]
