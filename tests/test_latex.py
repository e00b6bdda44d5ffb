"""LaTeX tables: what is in them is set as it is, and nothing of it runs."""

import pandas as pd

from suite.latex import escaped, latex


def test_a_table_with_booktabs() -> None:
    shown = latex(pd.DataFrame({"change": ["none → layer"], "n_pairs": [12]}), "Effects 100%")
    assert shown.splitlines() == [
        r"% Effects 100\%",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"change & pairs \\",
        r"\midrule",
        r"none $\to$ layer & 12 \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_names_are_data() -> None:
    hostile = r"\input{/etc/passwd} & $x_1^2$ ~ 50% #1"
    said = escaped(hostile)
    assert said.startswith(r"\textbackslash{}input\{/etc/passwd\} \& \$x\_1\textasciicircum{}2\$")
    assert len(latex(pd.DataFrame({"a": ["x\ny"]}), "c\nd").splitlines()) == 8, "one line a row"
