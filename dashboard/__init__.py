"""Seeing what the suite has found: a Streamlit app that reads the store and decides nothing."""
