"""Augmentations vary training examples as their data type allows, by the amounts they say, and are seeded."""

from typing import get_args

import pytest
import torch
from scipy import stats
from torch import Generator, Tensor
from torch.nn import functional

from suite import catalog
from suite.data import data
from suite.objective import loss
from suite.train import train
from suite.trial import Trial, Tricks
from suite.tricks.augmentation import NOISE, Augmentation, augmentation, refusal
from suite.tricks.light import SHIFT, STRETCH, SWAP
from suite.tricks.mixing import ALPHA, beta
from tasks.task import Task
from tests.specimens import SPECIMENS

LEVELS = [level for level in get_args(Tricks.model_fields["augmentation"].annotation) if level != "none"]
TASKS = ("tabular/breast_cancer", "tabular/diabetes", "image/digits", "series/mnist1d", "series/sunspots")
MIXES = ("mixup", "mixup_beta", "cutmix")  # targets too

each_task = pytest.mark.parametrize("name", TASKS)
each_pair = pytest.mark.parametrize(
    ("name", "level"), [(n, v) for n in TASKS for v in LEVELS if refusal(v, catalog.task(n)) is None]
)


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def batch(name: str, size: int = 64) -> tuple[Tensor, Tensor]:
    train = data(name, 0).train
    return train.inputs[:size].clone(), train.targets[:size].clone()


def vary(level: str, task: Task) -> Augmentation:
    chosen = augmentation(level, task)
    assert chosen is not None
    return chosen


def of_type(kind: str) -> Task:
    return next(task for task in map(catalog.task, TASKS) if task.data == kind)


@each_task
def test_none_is_nothing(name: str) -> None:
    assert augmentation("none", catalog.task(name)) is None


@each_pair
def test_inputs_change_and_nothing_is_written_over(name: str, level: str) -> None:
    x, y = batch(name)
    kept = x.clone(), y.clone()
    varied, targets = vary(level, catalog.task(name))(x, y, seeded())
    assert (x.equal(kept[0]), y.equal(kept[1])) == (True, True)
    assert varied.shape == x.shape
    assert varied.dtype == x.dtype
    changed = (varied != x).flatten(1).any(1).float().mean()
    assert changed > 0.3, "most examples are varied, or half of them"
    assert (targets.equal(y)) == (level not in MIXES)


@each_pair
def test_the_generator_decides_and_nothing_else(name: str, level: str) -> None:
    x, y = batch(name)
    act = vary(level, catalog.task(name))
    torch.manual_seed(1)
    first, state = act(x, y, seeded(5))[0], torch.get_rng_state()
    torch.manual_seed(1)
    assert torch.get_rng_state().equal(state), "torch's own random state is not used"
    assert act(x, y, seeded(5))[0].equal(first)
    assert not act(x, y, seeded(6))[0].equal(first)


@each_pair
def test_a_loss_comes_out(name: str, level: str) -> None:
    task = catalog.task(name)
    _, targets = vary(level, task)(*batch(name), seeded())
    assert loss(task.target, torch.zeros(64, task.outputs), targets).isfinite()


@each_pair
def test_a_batch_of_one_is_no_accident(name: str, level: str) -> None:
    x, y = batch(name, 1)
    assert vary(level, catalog.task(name))(x, y, seeded())[0].shape == x.shape


def test_noise_has_its_standard_deviation_and_no_mean() -> None:
    x = torch.zeros(500, 8, 8, 1)
    noise = vary("noise", of_type("image"))(x, torch.zeros(500), seeded())[0]
    assert noise.std().item() == pytest.approx(NOISE, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=NOISE * 0.03)


@pytest.mark.parametrize("name", [n for n in TASKS if catalog.task(n).target == "class"])
def test_mixup_of_classes_is_a_convex_combination_with_the_same_weight(name: str) -> None:
    x, y = batch(name)
    outputs = catalog.task(name).outputs
    mixed, targets = vary("mixup", catalog.task(name))(x, y, seeded())
    assert targets.shape == (64, outputs)
    assert (targets >= 0).all()
    torch.testing.assert_close(targets.sum(1), torch.ones(64))
    for ours, mix, target in zip(range(64), mixed, targets, strict=True):
        weight, theirs = fit_pair(x, ours, mix)
        expected = torch.zeros(outputs)
        expected[y[ours]] += weight
        expected[y[theirs]] += 1 - weight
        torch.testing.assert_close(target, expected, atol=1e-3, rtol=0)


def fit_pair(x: Tensor, ours: int, mix: Tensor) -> tuple[float, int]:
    """The partner and the weight that explain a mixed example, by least squares over all partners."""
    flat, target = x.flatten(1).double(), mix.flatten().double()
    direction, wanted = flat[ours] - flat, target - flat
    weight = ((direction * wanted).sum(1) / direction.square().sum(1).clamp_min(1e-12)).clamp(0, 1)
    error = (wanted - weight[:, None] * direction).square().sum(1)
    theirs = int(error.argmin())
    assert error[theirs] < 1e-6
    return weight[theirs].item(), theirs


def test_mixup_of_values_mixes_the_values_too() -> None:
    name = "tabular/diabetes"
    x, _ = batch(name)
    linear = x @ torch.arange(1.0, x.shape[1] + 1)[:, None]  # a linear answer stays right under mixing
    mixed, targets = vary("mixup", catalog.task(name))(x, linear, seeded())
    torch.testing.assert_close(targets, mixed @ torch.arange(1.0, x.shape[1] + 1)[:, None], rtol=1e-4, atol=1e-3)


def test_mixup_weights_are_uniform() -> None:
    """Book section 9.2.3; the paper draws them from Beta(a, a), of which this is a = 1 (slip S12)."""
    x = torch.eye(2000)
    mixed = vary("mixup", of_type("tabular"))(x, torch.zeros(2000, dtype=torch.int64), seeded())[0]
    weight = mixed.diagonal()
    weight = weight[weight < 1].sort().values  # without those who met themselves
    uniform = torch.linspace(0, 1, len(weight))
    assert (weight - uniform).abs().max() < 1.63 / len(weight) ** 0.5  # Kolmogorov and Smirnov, 1 %


def test_mixup_beta_weights_are_from_the_beta_distribution() -> None:
    """Beta(0.2, 0.2) as in the paper: Kolmogorov and Smirnov, 1 %, and mixed as mixup mixes."""
    weight = beta(20_000, seeded())
    places = torch.linspace(0.001, 0.999, 999)  # nearer to 1, float32 rounds up
    share = (weight[:, None] <= places).double().mean(0).numpy()
    assert abs(share - stats.beta(ALPHA, ALPHA).cdf(places.numpy())).max() < 1.63 / 20_000**0.5
    assert abs(share - stats.beta(2 * ALPHA, 2 * ALPHA).cdf(places.numpy())).max() > 0.05
    assert weight.min() >= 0
    assert weight.max() <= 1
    x, y = batch("image/digits")
    mixed, targets = vary("mixup_beta", catalog.task("image/digits"))(x, y, seeded(3))
    generator = seeded(3)
    partner = torch.randperm(64, generator=generator)
    weight = beta(64, generator)
    torch.testing.assert_close(mixed, weight.view(-1, 1, 1, 1) * (x - x[partner]) + x[partner])
    ones = functional.one_hot(y, 10).float()
    torch.testing.assert_close(targets, weight[:, None] * (ones - ones[partner]) + ones[partner])


@pytest.mark.parametrize(("specimen", "width"), [("image", 2), ("volume", 3)])
def test_flip_mirrors_half_of_them_along_their_width(specimen: str, width: int) -> None:
    task, part = SPECIMENS[specimen].task, SPECIMENS[specimen].part(400)
    x = part.inputs
    assert isinstance(x, Tensor)
    varied, targets = vary("flip", task)(x, part.targets, seeded())
    kept, mirrored = ((varied == other).flatten(1).all(1) for other in (x, x.flip(width)))
    assert (kept ^ mirrored).all()
    assert mirrored.float().mean().item() == pytest.approx(0.5, abs=0.1)
    assert targets.equal(part.targets)


@pytest.mark.parametrize("level", ["flip", "mixup_beta"])
def test_nothing_of_it_happens_at_evaluation(level: str) -> None:
    """The network that is asked is that of no augmentation: an untrained one scores the same to the last bit."""
    asked = Trial(task="image/digits", architecture="mlp").moved({"width": 8, "depth": 1, "steps": 0})
    plain, varied = train(asked), train(asked.moved({"augmentation": level}))
    assert plain.result.digest == varied.result.digest
    learned = [train(one.moved({"steps": 5})) for one in (asked, asked.moved({"augmentation": level}))]
    assert learned[0].result.digest != learned[1].result.digest
    assert train(asked.moved({"augmentation": level, "steps": 5})).result.digest == learned[1].result.digest, "seeded"


def test_light_on_a_table_swaps_values_within_their_column() -> None:
    x, y = torch.rand(400, 5, generator=seeded(1)), torch.arange(400)
    varied, targets = vary("light", SPECIMENS["table"].task)(x, y, seeded())
    assert targets.equal(y)
    for column in range(5):
        assert set(varied[:, column].tolist()) <= set(x[:, column].tolist())
    assert (varied != x).float().mean().item() == pytest.approx(SWAP, rel=0.2)


def test_light_on_a_series_shifts_and_stretches() -> None:
    length = 40
    x = torch.linspace(1, 2, length).expand(300, length).unsqueeze(-1)
    varied = vary("light", of_type("series"))(x, torch.zeros(300), seeded())[0]
    farthest, shifts, stretches = round(SHIFT * length), set(), []
    for curve in varied[..., 0]:
        errors = {}
        for shift in range(-length, length + 1):
            moved = x[0, (torch.arange(length) + shift).clamp(0, length - 1), 0]  # what enters repeats the border
            stretch = (curve / moved).mean()
            errors[shift] = ((curve - stretch * moved).abs().max().item(), stretch.item())
        best = min(errors, key=errors.__getitem__)
        assert errors[best][0] < 1e-5
        shifts.add(best)
        stretches.append(errors[best][1])
    assert shifts == set(range(-farthest, farthest + 1))
    assert 1 - STRETCH <= min(stretches) < 1 - 0.9 * STRETCH
    assert 1 + 0.9 * STRETCH < max(stretches) <= 1 + STRETCH


def test_light_on_an_image_shifts_both_ways_and_repeats_the_border() -> None:
    height, width = 8, 16
    image = torch.arange(height * width * 2.0).view(1, height, width, 2)
    varied = vary("light", of_type("image"))(image.expand(300, -1, -1, -1), torch.zeros(300), seeded())[0]
    seen = set()
    for picture in varied:
        found = [
            (down, right)
            for down in range(-1, 2)
            for right in range(-2, 3)
            if picture.equal(
                image[0, (torch.arange(height) + down).clamp(0, height - 1)][
                    :, (torch.arange(width) + right).clamp(0, width - 1)
                ]
            )
        ]
        assert len(found) == 1
        seen.add(found[0])
    assert seen == {(down, right) for down in range(-1, 2) for right in range(-2, 3)}, "farther on the longer side"


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'cutout'"):
        augmentation("cutout", of_type("image"))


# Columns of a table


@pytest.mark.parametrize("level", ["noise", "light", "strong", "invalid"])
def test_category_columns_stay(level: str) -> None:
    task, part = SPECIMENS["mixed table"].task, SPECIMENS["mixed table"].part(32)
    assert isinstance(part.inputs, Tensor)
    varied, _ = vary(level, task)(part.inputs, part.targets, seeded())
    changed = (varied != part.inputs).any(0)
    assert changed.tolist() == [not count for count in task.categories]


# CutMix


@pytest.mark.parametrize("shape", [(400, 16, 16, 2), (400, 40, 2), (400, 8, 8, 8, 1)])
def test_cutmix_weighs_targets_by_what_is_left(shape: tuple[int, ...]) -> None:
    """Slip S12: the weight is the share of places, and the block is not always the same."""
    names = {4: "image", 3: "series", 5: "volume"}
    task = SPECIMENS[names[len(shape)]].task
    x = torch.arange(400.0).view(-1, *[1] * (len(shape) - 1)).expand(shape)
    y = torch.arange(400) % task.outputs
    mixed, targets = vary("cutmix", task)(x, y, seeded())
    share = torch.tensor([(mix == place).float().mean() for place, mix in enumerate(mixed)])
    assert share.min() < 0.1
    assert share.max() > 0.9
    assert share.mean().item() == pytest.approx(0.5, abs=0.05)
    for place in range(400):
        others = mixed[place][mixed[place] != place].unique()
        assert len(others) <= 1, "one partner"
        expected = torch.zeros(task.outputs)
        expected[y[place]] += share[place]
        if len(others):
            expected[y[int(others[0])]] += 1 - share[place]
        if share[place] < 1:
            torch.testing.assert_close(targets[place], expected, atol=1e-4, rtol=0)


def test_what_cutmix_brings_is_one_block() -> None:
    x = torch.arange(100.0).view(-1, 1, 1, 1).expand(100, 9, 7, 1)
    mixed, _ = vary("cutmix", SPECIMENS["image"].task)(x, torch.zeros(100, dtype=torch.int64), seeded())
    for place, mix in enumerate(mixed[..., 0]):
        rows, columns = ((mix != place).any(axis) for axis in (1, 0))
        assert (mix != place).sum() == rows.sum() * columns.sum()
        for line in (rows, columns):
            ones = line.nonzero().flatten()
            assert len(ones) == 0 or int(ones[-1] - ones[0]) + 1 == len(ones)


# Strong


@pytest.mark.parametrize("specimen", ["image", "series", "audio", "volume", "numbers in a row", "table"])
def test_strong_changes_more_than_light(specimen: str) -> None:
    task, part = SPECIMENS[specimen].task, SPECIMENS[specimen].part(200)
    assert isinstance(part.inputs, Tensor)
    far = {}
    for level in ("light", "strong"):
        varied, targets = vary(level, task)(part.inputs, part.targets, seeded())
        assert targets.equal(part.targets)
        assert varied.shape == part.inputs.shape
        assert varied.isfinite().all()
        far[level] = (varied - part.inputs).square().mean()
    assert far["strong"] > 0
    if specimen == "table":
        assert far["strong"] > far["light"]


def test_strong_turns_and_shears_what_light_only_shifts() -> None:
    """No shift of the picture explains all of the varied ones."""
    image = torch.zeros(1, 16, 16, 1)
    image[:, 4:12, 7:9] = 1
    varied = vary("strong", SPECIMENS["image"].task)(image.expand(300, -1, -1, -1), torch.zeros(300), seeded())[0]
    slanted = [one for one in varied[..., 0] if not any(row.equal(one[8]) for row in (one[5], one[10]))]
    assert len(slanted) > 50
    assert any(one.equal(image[0, ..., 0]) for one in varied[..., 0]), "and some are left alone"


# Invalid


@pytest.mark.parametrize("specimen", ["image", "series", "volume", "table"])
def test_invalid_turns_half_of_them_round(specimen: str) -> None:
    task, part = SPECIMENS[specimen].task, SPECIMENS[specimen].part(400)
    x = part.inputs
    assert isinstance(x, Tensor)
    varied, targets = vary("invalid", task)(x, part.targets, seeded())
    turned = -x if specimen == "table" else x.flip(tuple(range(1, x.dim() - 1)))
    kept, changed = ((varied == other).flatten(1).all(1) for other in (x, turned))
    assert (kept ^ changed).all()
    assert changed.float().mean().item() == pytest.approx(0.5, abs=0.1)
    assert targets.equal(part.targets), "though the answers are others now"


# What means nothing


@pytest.mark.parametrize(
    ("specimen", "levels"),
    [
        *((name, LEVELS) for name in ("image", "volume")),
        *((name, [level for level in LEVELS if level != "flip"]) for name in ("series", "audio", "numbers in a row")),
        ("table", ["noise", "light", "strong", "mixup", "invalid", "mixup_beta"]),
        ("mixed table", ["noise", "light", "strong", "invalid"]),
        ("ragged series", ["noise"]),
        *((name, []) for name in ("text", "language", "sequence", "translation", "tags", "graphs", "nodes", "edges")),
        ("modes", []),
    ],
)
def test_what_means_nothing_is_refused_in_words(specimen: str, levels: list[str]) -> None:
    task, part = SPECIMENS[specimen].task, SPECIMENS[specimen].part(8)
    assert [level for level in LEVELS if refusal(level, task) is None] == levels
    assert refusal("none", task) is None
    for level in LEVELS:
        if level in levels:
            assert isinstance(part.inputs, Tensor)
            vary(level, task)(part.inputs, part.targets, seeded())
        else:
            with pytest.raises(ValueError, match=f"augmentation {level} "):
                augmentation(level, task)


def test_padding_is_still_padding_after_noise() -> None:
    task, part = SPECIMENS["ragged series"].task, SPECIMENS["ragged series"].part(8)
    assert isinstance(part.inputs, Tensor)
    varied, _ = vary("noise", task)(part.inputs, part.targets, seeded())
    assert varied.isnan().equal(part.inputs.isnan())
    assert not varied.nan_to_num().equal(part.inputs.nan_to_num())
