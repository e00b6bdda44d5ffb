"""The dashboard: its pages. To add one, write views/<page>.py and list it here."""

import streamlit as st

from dashboard import frame

HOME = st.Page("views/home.py", title="Home", default=True)
CLAIMS = st.Page("views/claims.py", title="Claims")
ANSWERS = (
    st.Page("views/leaderboard.py", title="Leaderboard"),
    st.Page("views/compare.py", title="Compare"),
    st.Page("views/effects.py", title="Effects"),
    st.Page("views/interactions.py", title="Interactions"),
    st.Page("views/curves.py", title="Curves"),
    st.Page("views/cost.py", title="Cost"),
)
TRIALS = (
    st.Page("views/live.py", title="Live"),
    st.Page("views/record.py", title="Record"),
)
CATALOGUE = (
    st.Page("views/coverage.py", title="Coverage"),
    st.Page("views/compose.py", title="Compose"),
)

st.set_page_config(page_title="Wonderland", layout="wide")
page = st.navigation([HOME, *ANSWERS, CLAIMS, *TRIALS, *CATALOGUE], position="top")
with frame.guarded():
    frame.header(page.title, about_a_study=page in (*ANSWERS, *TRIALS))
    page.run()
