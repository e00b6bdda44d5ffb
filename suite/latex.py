"""A table as LaTeX with booktabs, as people read it; names and texts are data and shown as they are."""

import pandas as pd

from suite.display import cell, heading, printable

ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "→": r"$\to$",
}


def latex(frame: pd.DataFrame, caption: str = "") -> str:
    """The frame of texts and numbers as a tabular, under its caption as a comment; needs the package booktabs."""
    columns = "".join("r" if pd.api.types.is_numeric_dtype(frame[name]) else "l" for name in frame.columns)
    lines = [
        *([f"% {escaped(caption)}"] if caption else []),
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _row([heading(str(name)) for name in frame.columns]),
        r"\midrule",
        *(_row([cell(value) for value in row]) for row in frame.itertuples(index=False)),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Text that LaTeX sets as it is and runs nothing of."""
    return "".join(ESCAPES.get(c, c) for c in printable(text))


def _row(cells: list[str]) -> str:
    return " & ".join(escaped(text) for text in cells) + r" \\"
