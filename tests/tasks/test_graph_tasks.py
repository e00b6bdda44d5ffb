"""Every task of graphs asks what it says: labels by other means than the loader's, what solves them, what cannot."""

from collections.abc import Iterator
from functools import cache

import networkx as nx
import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from suite import catalog
from suite.seeds import numpy_stream
from suite.train import train
from suite.trial import Trial
from tasks.fetch import is_here
from tasks.graph.circular_skip_links import NODES, SKIPS
from tasks.graph.hops import HOPS
from tasks.graphs import Graphs
from tasks.task import Split, Splits


@cache
def load(name: str) -> Splits:
    task = catalog.task(f"graph/{name}")
    if task.hub:
        pytest.skip(
            f"graph/{name} is loaded from a hub, {task.hub}; its reading is tested in tests/tasks/test_hub_tasks.py"
        )
    if not all(map(is_here, task.files)):
        pytest.skip(f"graph/{name} is not on this machine; make data fetches it")
    return task.load(numpy_stream(f"graph/{name}", 0, "data"))


def parts(splits: Splits) -> tuple[Split, Split, Split]:
    return splits.train, splits.valid, splits.test


def graphs_of(split: Split) -> Graphs:
    assert isinstance(split.inputs, Graphs)
    return split.inputs


def each(split: Split, most: int = 100) -> Iterator[tuple[Graphs, np.ndarray]]:
    """The first graphs of a split, one by one, with their targets."""
    for number in range(min(most, len(split))):
        yield graphs_of(split)[np.array([number])], split.targets[number]


def adjacency(graph: Graphs) -> np.ndarray:
    count = len(graph.nodes)
    return sparse.coo_array((np.ones(graph.edges.shape[1]), graph.edges), shape=(count, count)).toarray()


def score(task: str, architecture: str, **levels: object) -> float:
    trial = Trial(task=f"graph/{task}", architecture=architecture)
    settings = {"width": 32, "depth": 2, "rate": 3e-3, **levels}
    result = train(trial.moved(settings)).result
    assert result.outcome == "finished"
    assert result.test is not None
    return result.test


each_task = pytest.mark.parametrize(
    "name", [name.removeprefix("graph/") for name in catalog.task_names() if name.startswith("graph/")]
)


@each_task
def test_every_edge_is_there_once_each_way_with_the_same_features_and_none_is_a_loop(name: str) -> None:
    for graph, _ in each(load(name).train):
        seen = {
            (source, target): tuple(features)
            for source, target, features in zip(*graph.edges.tolist(), graph.edge_features.tolist(), strict=True)
        }
        assert len(seen) == graph.edges.shape[1]
        assert all(source != target and seen[target, source] == what for (source, target), what in seen.items())


# Cora


def smoothed(graph: Graphs, hops: int) -> np.ndarray:
    """The words of each paper and of those around it, by the normalized adjacency with loops."""
    ones = np.ones(graph.edges.shape[1])
    joined = sparse.csr_array((ones, graph.edges), shape=(len(graph.nodes),) * 2) + sparse.eye_array(len(graph.nodes))
    scale = sparse.diags_array(1 / np.sqrt(joined.sum(0)))
    words = graph.nodes.astype(np.float64)
    for _ in range(hops):
        words = scale @ (joined @ (scale @ words))
    return words


def cora_score(words: np.ndarray) -> float:
    train_part, _, test_part = (split.targets[0] for split in parts(load("cora")))
    model = LogisticRegression(C=1e3, max_iter=300)
    learned, asked = train_part >= 0, test_part >= 0
    return float(model.fit(words[learned], train_part[learned]).score(words[asked], test_part[asked]))


def test_cora_is_the_graph_that_was_published() -> None:
    splits = load("cora")
    graph = graphs_of(splits.train)
    assert (len(graph.nodes), graph.edges.shape[1]) == (2708, 2 * 5278)
    np.testing.assert_allclose(graph.nodes.sum(1), 1, rtol=1e-5)
    assert [(split.targets >= 0).sum() for split in parts(splits)] == [140, 500, 1000]
    assert np.bincount(splits.train.targets[splits.train.targets >= 0]).tolist() == [20] * 7
    known = np.max([split.targets[0] for split in parts(splits)], axis=0)
    ends = known[graph.edges]
    assert (ends[0] == ends[1])[(ends >= 0).all(0)].mean() == pytest.approx(0.81, abs=0.04), (
        "homophily of Pei et al. 2020"
    )


def test_the_topics_of_cora_are_in_the_citations_more_than_in_the_words() -> None:
    """A linear model of smoothed words is SGC (Wu et al. 2019): 81.0 on the public split."""
    graph = graphs_of(load("cora").train)
    assert cora_score(smoothed(graph, 2)) == pytest.approx(0.80, abs=0.04)
    assert cora_score(smoothed(graph, 0)) == pytest.approx(0.58, abs=0.06)


# MUTAG


def test_mutag_is_the_set_that_was_published() -> None:
    splits = load("mutag")
    assert sum(map(len, parts(splits))) == 188
    assert sum(split.targets.sum() for split in parts(splits)) == 125
    assert sum(graphs_of(split).nodes.sum(0) for split in parts(splits)).tolist() == [2395, 345, 593, 12, 1, 23, 2]  # type: ignore[union-attr]
    assert sum(graphs_of(split).edge_features.sum(0) for split in parts(splits)).tolist() == [4708, 2008, 724, 2]  # type: ignore[union-attr]


def test_molecules_of_mutag_are_nitro_compounds_with_rings() -> None:
    carbon, nitrogen, oxygen = range(3)
    for split in parts(load("mutag")):
        for graph, _ in each(split):
            joined, element = adjacency(graph), graph.nodes.argmax(1)
            assert joined.sum(1).max() <= 4, "nothing has more than four bonds"
            assert joined[element > oxygen].sum() == (element > oxygen).sum(), "a halogen has one bond"
            oxygens = joined[:, element == oxygen].sum(1)
            assert (oxygens[element == nitrogen] == 2).any(), "a nitro group"
            molecule = nx.from_numpy_array(joined)
            assert nx.is_connected(molecule)
            assert nx.cycle_basis(molecule), "a ring"
            assert (element == carbon).any()


def test_sums_of_atoms_and_bonds_tell_mutagenic_molecules_better_than_no_look_at_all() -> None:
    sums = [
        np.array([[*graph.nodes.sum(0), *graph.edge_features.sum(0)] for graph, _ in each(split, len(split))])
        for split in parts(load("mutag"))
    ]
    train_part, _, test_part = parts(load("mutag"))
    model = LogisticRegression(max_iter=2000).fit(sums[0], train_part.targets)
    assert model.score(sums[2], test_part.targets) > 0.74


# Circular skip links


def test_circular_skip_links_are_told_by_their_spectrum_and_by_nothing_near() -> None:
    """The eigenvalues of a circulant graph are 2 cos(2 pi k / n) + 2 cos(2 pi k s / n)."""
    angles = 2 * np.pi * np.arange(NODES) / NODES
    spectra = np.array([np.sort(2 * np.cos(angles) + 2 * np.cos(angles * skip)) for skip in SKIPS])
    for graph, label in each(load("circular_skip_links").test, 20):
        joined = adjacency(graph)
        distance = np.abs(spectra - np.linalg.eigvalsh(joined)).max(1)
        assert np.flatnonzero(distance < 1e-6).tolist() == [label]
        assert (joined.sum(1) == 4).all()


# Blocks


def block_features(split: Split) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of every node: its features, the sum over its neighbours, and its class."""
    graph = graphs_of(split)
    starts = np.repeat(np.cumsum(graph.node_counts) - graph.node_counts, graph.edge_counts)
    around = np.zeros_like(graph.nodes)
    np.add.at(around, graph.edges[1] + starts, graph.nodes[graph.edges[0] + starts])
    return graph.nodes, around, split.targets.ravel()


def block_scores(name: str) -> tuple[float, float, float]:
    """Of linear models of a node alone, of the sum over it and its neighbours, and of both apart."""
    (own, around, labels), (own_test, around_test, labels_test) = (
        block_features(split) for split in (load(name).train, load(name).test)
    )
    views = [(own, own_test), (own + around, own_test + around_test)]
    views.append((np.hstack([own, around]), np.hstack([own_test, around_test])))
    models = [LogisticRegression(max_iter=300).fit(view, labels) for view, _ in views]
    alone, mixed, apart = (
        float(model.score(view, labels_test)) for model, (_, view) in zip(models, views, strict=True)
    )
    return alone, mixed, apart


@pytest.mark.parametrize(("name", "homophily"), [("stochastic_blocks", 0.8), ("heterophilous_blocks", 0.05)])
def test_blocks_have_the_homophily_that_was_dialled_and_features_of_their_class(name: str, homophily: float) -> None:
    same = [labels[graph.edges[0]] == labels[graph.edges[1]] for graph, labels in each(load(name).train)]
    assert np.concatenate(same).mean() == pytest.approx(homophily, abs=0.02)
    own, _, labels = block_features(load(name).train)
    means = np.stack([own[labels == label].mean(0) for label in range(4)])
    np.testing.assert_allclose(means, np.eye(4), atol=0.08)


def test_neighbours_of_the_same_class_help_if_mixed_in_and_others_only_if_kept_apart() -> None:
    alone, mixed, apart = block_scores("stochastic_blocks")
    assert mixed > alone + 0.2
    assert apart > alone + 0.2
    alone, mixed, apart = block_scores("heterophilous_blocks")
    assert mixed < alone - 0.1
    assert apart > alone + 0.03


# Hops


def test_hops_asks_for_the_symbol_four_edges_away() -> None:
    for graph, targets in each(load("hops").test, 20):
        far = dict(nx.all_pairs_shortest_path_length(nx.from_numpy_array(adjacency(graph))))
        for node, target in enumerate(targets):
            away = [other for other, distance in far[node].items() if distance == HOPS]
            assert len(away) == (target >= 0)
            assert target < 0 or graph.nodes[away[0]].argmax() == target


def test_four_layers_of_message_passing_reach_four_hops_and_three_do_not() -> None:
    assert score("hops", "graph_conv", depth=4, steps=350) > 0.9
    assert score("hops", "graph_conv", depth=3, steps=100) < 0.3


# Dictionary lookup


def test_a_dictionary_gives_the_value_beside_the_key() -> None:
    for graph, targets in each(load("dictionary_lookup").test):
        key, value = graph.nodes[:, :10].argmax(1), graph.nodes[:, 10:]
        book = {key[node]: value[node].argmax() for node in range(20) if value[node].any()}
        assert len(book) == 10
        assert [-1 if value[node].any() else book[key[node]] for node in range(20)] == targets.tolist()
        assert (adjacency(graph).sum(1) == 10).all()


def test_attention_that_depends_on_who_asks_looks_up_and_a_mean_over_neighbours_cannot() -> None:
    assert score("dictionary_lookup", "graph_transformer", depth=1, steps=200) > 0.9
    assert score("dictionary_lookup", "gcn", depth=1, steps=60) < 0.2


# Bond types


def test_bond_types_counts_the_double_bonds_of_an_atom() -> None:
    for graph, targets in each(load("bond_types").test):
        double = np.zeros(20, int)
        for atom, features in zip(graph.edges[0], graph.edge_features, strict=True):
            double[atom] += features.tolist() == [0, 1]
        assert double.tolist() == targets.tolist()
        assert nx.is_isomorphic(nx.from_numpy_array(adjacency(graph)), nx.cycle_graph(20))


def test_messages_with_edge_features_count_bonds_and_those_without_cannot() -> None:
    assert score("bond_types", "mpnn", steps=80) > 0.95
    assert score("bond_types", "gcn", steps=80) < 0.55


# Counting


def test_the_targets_of_counting_are_the_marked_nodes_but_for_scale() -> None:
    for split in parts(load("counting")):
        marked = [graph.nodes[:, -1].sum() for graph, _ in each(split, len(split))]
        assert np.corrcoef(marked, split.targets[:, 0])[0, 1] == pytest.approx(1, abs=1e-6)
        assert set(marked) == set(range(1, 7))


def test_a_counted_graph_is_copies_of_one_tree_with_one_mark_each() -> None:
    for graph, _ in each(load("counting").test):
        whole = nx.from_numpy_array(adjacency(graph))
        trees = [whole.subgraph(nodes) for nodes in nx.connected_components(whole)]
        assert len(trees) == graph.nodes[:, -1].sum()
        assert all(nx.is_tree(tree) and nx.is_isomorphic(tree, trees[0]) for tree in trees)
        held = [sorted(map(tuple, graph.nodes[list(tree)].tolist())) for tree in trees]
        assert all(one == held[0] for one in held)


def test_a_sum_over_nodes_counts_and_a_mean_and_a_maximum_cannot() -> None:
    levels = {"steps": 200, "rate": 1e-2}
    assert score("counting", "graph_conv", readout="sum", **levels) > 0.4
    assert score("counting", "graph_conv", readout="mean", **levels) < 0.05
    assert score("counting", "graph_conv", readout="max", **levels) < 0.05


# Link prediction


def test_the_pairs_asked_about_are_different_and_no_edges_of_the_graph_given() -> None:
    for split in parts(load("link_prediction")):
        for graph, targets in each(split):
            pairs = set(map(frozenset, graph.pairs.T.tolist()))
            assert len(pairs) == len(targets) == 24
            assert all(len(pair) == 2 for pair in pairs)
            assert targets.sum() == 12
            assert not pairs & set(map(frozenset, graph.edges.T.tolist()))


def test_common_neighbours_tell_hidden_edges_and_features_do_not() -> None:
    shared, alike, answers = list[float](), list[float](), list[int]()
    for graph, targets in each(load("link_prediction").test):
        joined = adjacency(graph)
        shared += (joined @ joined)[tuple(graph.pairs)].tolist()
        alike += (graph.nodes @ graph.nodes.T)[tuple(graph.pairs)].tolist()
        answers += targets.tolist()
    assert roc_auc_score(answers, shared) > 0.8
    assert roc_auc_score(answers, alike) == pytest.approx(0.5, abs=0.06)


def test_message_passing_finds_links_and_nodes_by_themselves_do_not() -> None:
    assert score("link_prediction", "gcn", steps=150) > 0.58
    assert score("link_prediction", "mlp", steps=60) < 0.55
