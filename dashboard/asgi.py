"""The dashboard as the server runs it: the pages of app.py, what happens when one fails, and what programs may read."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit import config

from dashboard.api import ROUTES
from dashboard.failure import failed

# Streamlit asks this of its WebSocket alone, so that a page under a name of its own could read everything else.
HOSTS = [f"[{name}]" if ":" in name else name for name in config.get_option("server.allowedHosts")] or ["*"]

app = st.App(
    Path(__file__).with_name("app.py"),
    routes=ROUTES,
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],
    on_script_error=failed,
)
