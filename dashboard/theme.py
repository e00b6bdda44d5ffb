"""The theme: a palette for light and one for dark, and how Streamlit is told of them."""

import json
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """Colours of one mode. `series` tells entities apart, also for people with a colour deficiency.

    Effects go from `worse` over `neutral` to `better`; text in `ink` is readable on all three. What a viewer has chosen
    is in `chosen` on the ground, or in white on `chosen`; in the dark no colour has 4.5:1 both ways, so one is nearer.
    """

    ground: str
    card: str
    ink: str
    muted: str
    edge: str
    accent: str
    chosen: str
    worse: str
    neutral: str
    better: str
    series: tuple[str, ...]


LIGHT = Palette(
    ground="#ffffff",
    card="#f5f6f9",
    ink="#10131c",
    muted="#5d6475",
    edge="#d9dce4",
    accent="#2f5fd0",
    chosen="#2f5fd0",
    worse="#f0a15c",
    neutral="#f4f5f7",
    better="#86aef2",
    series=("#5f7eee", "#f15017", "#1f6b56", "#733595", "#3d4101", "#bd8098"),
)
DARK = Palette(
    ground="#0e1117",
    card="#171b24",
    ink="#eceef3",
    muted="#a2a9b8",
    edge="#333a49",
    accent="#8fb0ff",
    chosen="#5a80e0",
    worse="#a3561c",
    neutral="#20252f",
    better="#2f62b4",
    series=("#5a73cc", "#bc854b", "#84fad5", "#f2b0f9", "#d1e260", "#c42673"),
)


def current() -> Palette:
    """The palette of the mode that this viewer sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def options() -> dict[str, str]:
    """Streamlit's theme options. Both modes are given, or the viewer's switch between them disappears."""
    shared = {
        "theme.baseRadius": "small",
        "theme.baseFontSize": "15",
        "theme.headingFontSizes": json.dumps(["1.7rem", "1.35rem", "1.1rem", "1rem", "0.95rem", "0.9rem"]),
        "theme.headingFontWeights": json.dumps([650, 600, 600, 600, 600, 600]),
        "theme.metricValueFontSize": "1.35rem",
        "theme.showWidgetBorder": "true",
        "theme.paddingTop": "1rem",
        "theme.paddingBottom": "2rem",
    }
    return shared | _mode("light", LIGHT) | _mode("dark", DARK)


def _mode(mode: str, palette: Palette) -> dict[str, str]:
    colours = {
        "primaryColor": palette.chosen,
        "backgroundColor": palette.ground,
        "secondaryBackgroundColor": palette.card,
        "textColor": palette.ink,
        "borderColor": palette.edge,
        "dataframeBorderColor": palette.edge,
        "linkColor": palette.accent,
        "chartCategoricalColors": json.dumps(palette.series),
    }
    return {f"theme.{mode}.{name}": value for name, value in colours.items()}
