"""The pages, one per file; app.py lists them."""
