"""Inputs with nothing in them, to try a network's shapes and costs before there is data."""

import torch
from torch import Tensor

from suite.graphs import Graphs
from tasks.modes import Modes
from tasks.task import Form, Task


def blank(task: Task, examples: int) -> Tensor | Graphs | Modes:
    """So many examples of the right form: zeros for numbers, ones for tokens, rings of the typical size for graphs."""
    parts = tuple(blank_mode(form, examples) for form in task.forms)
    return parts[0] if len(parts) == 1 else Modes(parts)


def blank_mode(form: Form, examples: int) -> Tensor | Graphs:
    """The same for one mode."""
    if form.data == "graph":
        return _rings(form, examples)
    if form.vocabulary:
        return torch.ones(examples, *form.shape, dtype=torch.long)
    return torch.zeros(examples, *form.shape)


def _rings(form: Form, examples: int) -> Graphs:
    """Edge i goes from node i to node i + 1, round and round until there are enough."""
    nodes, edges = form.typical
    source = torch.arange(edges) % nodes
    return Graphs(
        nodes=torch.zeros(examples * nodes, *form.shape),
        edges=torch.stack([source, (source + 1) % nodes]).repeat(1, examples),
        edge_features=torch.zeros(examples * edges, form.edges),
        pairs=torch.zeros(2, examples, dtype=torch.long),
        node_counts=torch.full((examples,), nodes),
        edge_counts=torch.full((examples,), edges),
        pair_counts=torch.ones(examples, dtype=torch.long),
    )
