"""The dashboard: its pages. To add one, write views/<page>.py and list it here."""

import streamlit as st

from dashboard import frame

ABOUT_A_STUDY = (
    st.Page("views/leaderboard.py", title="Leaderboard"),
    st.Page("views/effects.py", title="Effects"),
    st.Page("views/interactions.py", title="Interactions"),
    st.Page("views/curves.py", title="Curves"),
    st.Page("views/live.py", title="Live"),
    st.Page("views/record.py", title="Record"),
)
HOME = st.Page("views/home.py", title="Home", default=True)
OTHERS = (
    st.Page("views/claims.py", title="Claims"),
    st.Page("views/coverage.py", title="Coverage"),
    st.Page("views/compose.py", title="Compose"),
)

st.set_page_config(page_title="Wonderland", layout="wide")
page = st.navigation([HOME, *ABOUT_A_STUDY, *OTHERS], position="top")
with frame.guarded():
    frame.header(page.title, about_a_study=page in ABOUT_A_STUDY)
    page.run()
