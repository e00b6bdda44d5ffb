"""The switches that every command takes, wherever they stand: --no-color, --quiet, --verbose."""

import os

SWITCHES = {
    "--no-color": "NO_COLOR",
    "--quiet": "WONDERLAND_QUIET",
    "-q": "WONDERLAND_QUIET",
    "--verbose": "WONDERLAND_DEBUG",
    "-v": "WONDERLAND_DEBUG",
}


def lift(words: list[str]) -> list[str]:
    """The command line without them. They are set in the environment, so that processes that we start know them too."""
    end = words.index("--") if "--" in words else len(words)
    for word in words[:end]:
        if word in SWITCHES:
            os.environ[SWITCHES[word]] = "1"
    return [word for word in words[:end] if word not in SWITCHES] + words[end:]


def is_verbose() -> bool:
    return bool(os.environ.get("WONDERLAND_DEBUG"))
