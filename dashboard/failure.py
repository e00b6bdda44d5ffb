"""The page of a failure of ours: no traceback, but an id under which the server's log has it."""

import logging
import secrets

import streamlit as st


def failed(error: Exception) -> bool:
    """Log the error under an id and show that id. True, so that Streamlit shows nothing of its own."""
    id = secrets.token_hex(4)
    logging.getLogger(__name__).error("page failed, id %s", id, exc_info=error)
    with st.container(border=True):
        st.subheader("This page failed", anchor=False)
        st.text(
            f"That is a fault of the dashboard, not of your records; they are as they were. "
            f"The log of the server has the reason under id {id}.",
            width="stretch",
        )
        st.code("wonderland status", language=None, width="content")
    return True
