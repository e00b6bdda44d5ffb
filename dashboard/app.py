"""The dashboard: its pages. To add one, write views/<page>.py and list it here."""

import streamlit as st

from dashboard import frame

PAGES = (
    st.Page("views/leaderboard.py", title="Leaderboard", default=True),
    st.Page("views/effects.py", title="Effects"),
    st.Page("views/live.py", title="Live"),
    st.Page("views/record.py", title="Record"),
)

st.set_page_config(page_title="Wonderland", layout="wide")
page = st.navigation(PAGES, position="top")
with frame.guarded():
    frame.header(page.title)
    page.run()
