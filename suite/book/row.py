"""A row of the map: something the book defines, and everything in the suite that stands for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A concept of the book with the section that defines it.

    `levels` are "norm=batch", or "clip" for a factor of numbers. `files` are parts of the suite, `tests` are invariants
    ("X17") and files below tests/ that check it, `claims` are hypotheses ("H27") about what it does. What has no level,
    architecture, task, file or test is a gap, and `gap` says what is missing.
    """

    section: str
    name: str
    levels: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    gap: str = ""

    @property
    def chapter(self) -> str:
        return self.section.partition(".")[0]

    @property
    def implemented(self) -> bool:
        """Whether the suite has it. What only a test computes counts: algebra is done there, by hand."""
        return bool(self.levels or self.architectures or self.tasks or self.files or self.tests)

    @property
    def tested(self) -> bool:
        """Whether a test checks it. Every architecture and task is tested for being in the catalogue."""
        return bool(self.tests or self.architectures or self.tasks)


def row(
    section: str,
    name: str,
    *,
    levels: str = "",
    architectures: str = "",
    tasks: str = "",
    files: str = "",
    tests: str = "",
    claims: str = "",
    gap: str = "",
) -> Row:
    """A row from words with spaces between them."""
    return Row(
        section,
        name,
        levels=tuple(levels.split()),
        architectures=tuple(architectures.split()),
        tasks=tuple(tasks.split()),
        files=tuple(files.split()),
        tests=tuple(tests.split()),
        claims=tuple(claims.split()),
        gap=gap,
    )
