"""A fault of ours: the viewer gets an id and no more, and the log has the reason under it."""

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest


def broken() -> None:
    from dashboard.failure import failed

    try:
        raise KeyError("the secret of the house")
    except KeyError as error:
        failed(error)


def test_the_page_has_an_id_that_the_log_has_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="dashboard.failure"):
        app = AppTest.from_function(broken).run()
    assert not app.exception
    assert app.subheader[0].value == "This page failed"
    told = " ".join(text.value for text in app.text)
    found = re.search(r"under id ([0-9a-f]{8})", told)
    assert found
    assert f"id {found[1]}" in caplog.text
    assert "the secret of the house" in caplog.text
    assert "secret" not in told
