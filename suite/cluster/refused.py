"""The refusal: a cluster on which the sweep cannot run, whoever asks again."""


class Refused(Exception):
    """The cluster cannot be reached, or its nodes differ, or no trial has room on any of them; the text says which."""
