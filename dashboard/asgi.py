"""The dashboard as the server runs it: the pages of app.py, and what happens when one of them fails."""

from pathlib import Path

import streamlit as st

from dashboard.failure import failed

app = st.App(Path(__file__).with_name("app.py"), on_script_error=failed)
