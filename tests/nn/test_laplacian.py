"""The Laplacian that is never written out against the one that is (section 12.1.4)."""

import pytest
import torch
from torch import Tensor

from suite.nn.graph import degrees, diffuse, symmetric, with_loops
from suite.nn.laplacian import diffused, laplacian, roughness

NODES, FEATURES = 12, 3
PARTS = (slice(0, 5), slice(5, 11), slice(11, 12))  # two connected parts and a node alone


def drawn() -> Tensor:
    """Undirected edges within PARTS, each both ways: a path through each part, and some others; in any order."""
    joined = torch.rand(NODES, NODES) < 0.3
    joined[torch.arange(NODES - 1), torch.arange(1, NODES)] = True
    inside = torch.block_diag(*(torch.ones(part.stop - part.start, part.stop - part.start) for part in PARTS)).bool()
    edges = (joined & inside).triu(1).nonzero().T
    edges = torch.cat([edges, edges.flip(0)], 1)
    return edges[:, torch.randperm(edges.shape[1])]


def written_out(edges: Tensor) -> Tensor:
    """D - A; (N, N)."""
    adjacency = torch.zeros(NODES, NODES, dtype=torch.float64)
    adjacency[edges[1], edges[0]] = 1
    return adjacency.sum(1).diag() - adjacency


def features() -> Tensor:
    return torch.randn(NODES, FEATURES, dtype=torch.float64)


def means(x: Tensor, weights: Tensor) -> Tensor:
    """The weighted mean of each part, at each of its nodes; (N, D)."""
    return torch.cat(
        [(weights[part, None] * x[part]).sum(0).expand_as(x[part]) / weights[part].sum() for part in PARTS]
    )


def test_it_is_the_dense_one() -> None:
    edges, x = drawn(), features()
    torch.testing.assert_close(laplacian(x, edges), written_out(edges) @ x)


def test_roughness_is_the_quadratic_form() -> None:
    """x^T L x, which is the sum of squared differences over edges, each counted once."""
    edges, x = drawn(), features()
    torch.testing.assert_close(roughness(x, edges), torch.einsum("nd,nm,md->", x, written_out(edges), x))
    once = edges[:, edges[0] < edges[1]]
    torch.testing.assert_close(roughness(x, edges), sum((x[i] - x[j]).square().sum() for i, j in once.T))


def test_its_gradient_is_twice_the_laplacian() -> None:
    edges, x = drawn(), features().requires_grad_()
    (gradient,) = torch.autograd.grad(roughness(x, edges), x)
    torch.testing.assert_close(gradient, 2 * laplacian(x.detach(), edges))


def test_what_is_equal_within_parts_is_smooth() -> None:
    edges, x = drawn(), means(features(), torch.ones(NODES).double())
    assert roughness(x, edges) == 0
    assert not laplacian(x, edges).any()
    assert roughness(features(), edges) > 1


def test_a_path_by_hand() -> None:
    edges = torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])
    x = torch.tensor([[1.0], [4.0], [2.0]])
    assert laplacian(x, edges).flatten().tolist() == [-3, 5, -2]
    assert roughness(x, edges).item() == 3**2 + 2**2


@pytest.mark.parametrize("share", [0.5, 0.99])
def test_diffusion_goes_to_the_mean_of_each_part(share: float) -> None:
    """Figure 12.4: below a step of 1 / (largest degree), differences only shrink, and the mean stays."""
    edges, x = drawn(), features()
    step = share / degrees(edges[1], NODES).max().item()
    rough = [roughness(diffused(x, edges, step=step, times=times), edges).item() for times in (0, 1, 2, 10, 100)]
    assert rough == sorted(rough, reverse=True)
    expected = means(x, torch.ones(NODES).double())
    torch.testing.assert_close(diffused(x, edges, step=step, times=4000), expected)


def test_diffusion_is_a_power_of_a_matrix() -> None:
    edges, x = drawn(), features()
    step = torch.eye(NODES, dtype=torch.float64) - 0.1 * written_out(edges)
    torch.testing.assert_close(diffused(x, edges, step=0.1, times=7), torch.linalg.matrix_power(step, 7) @ x)
    assert diffused(x, edges, step=0.1, times=0).equal(x)


def test_steps_beyond_the_largest_eigenvalue_blow_up() -> None:
    edges, x = drawn(), features()
    limit = 2 / torch.linalg.eigvalsh(written_out(edges))[-1].item()
    assert roughness(diffused(x, edges, step=0.9 * limit, times=300), edges) < roughness(x, edges)
    assert roughness(diffused(x, edges, step=1.1 * limit, times=300), edges) > 1e3 * roughness(x, edges)


def test_the_gcn_s_diffusion_goes_to_a_mean_by_degree() -> None:
    """D^(-1/2) (A + I) D^(-1/2) leaves sqrt(d_i) times one number in each part: why deep GCNs forget who is who."""
    edges, x = with_loops(drawn(), NODES), features()
    root = degrees(edges[1], NODES).double().sqrt()
    expected = root[:, None] * means(x / root[:, None], root.square())
    weights = symmetric(edges, NODES)
    for _ in range(500):
        x = diffuse(x, edges, weights)
    torch.testing.assert_close(x, expected, atol=1e-4, rtol=1e-4)
