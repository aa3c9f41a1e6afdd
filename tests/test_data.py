"""Data that everybody gets alike: shapes, seeds, and the geometry that the docstrings promise."""

import inspect
import zipfile

import numpy as np
import pytest

from bplib import data

# How `bplib/digits.npz` was made from scikit-learn's copy of the source, with which it is compared below:
#     d = sklearn.datasets.load_digits()
#     images, labels = d.data.astype(np.uint8), d.target.astype(np.uint8)
#     np.savez_compressed("bplib/digits.npz", images=images, labels=labels, credit=np.array("E. Alpaydin, ..."))

TOYS = {"blobs": 3, "moons": 2, "circles": 2, "spirals": 3, "xor": 2}  # name: number of classes by default
toys = pytest.mark.parametrize("name", TOYS)


def best_line(x, target):
    """The best accuracy that any of 180 directions with any threshold reaches on two classes."""
    best = 0.0
    for angle in np.linspace(0, np.pi, 180, endpoint=False):
        sorted_target = target[np.argsort(x @ [np.cos(angle), np.sin(angle)], kind="stable")]
        ones_below = np.concatenate([[0], np.cumsum(sorted_target)])
        zeros_below = np.arange(len(x) + 1) - ones_below
        right = zeros_below + target.sum() - ones_below  # 0 below the threshold, 1 above it
        best = max(best, right.max() / len(x), 1 - right.min() / len(x))
    return best


# Toy data: what holds for all of them


@toys
@pytest.mark.parametrize("N", [7, 60])
def test_shapes_dtypes_and_classes_as_equal_as_can_be(name, N):
    x, target = getattr(data, name)(N, seed=3)
    assert (x.shape, x.dtype, target.shape, target.dtype) == ((N, 2), np.float64, (N,), np.int64)
    assert np.isfinite(x).all()
    counts = np.bincount(target)
    assert len(counts) == TOYS[name]
    assert counts.max() - counts.min() <= 1


@toys
def test_the_smallest_set_has_one_sample_of_each_class(name):
    _, target = getattr(data, name)(TOYS[name])
    assert sorted(target) == list(range(TOYS[name]))


@pytest.mark.parametrize("name", ["blobs", "spirals"])
@pytest.mark.parametrize("n_classes", [2, 5])
def test_any_number_of_classes(name, n_classes):
    _, target = getattr(data, name)(23, n_classes=n_classes)
    counts = np.bincount(target)
    assert len(counts) == n_classes
    assert counts.max() - counts.min() <= 1


@toys
def test_a_seed_is_repeated_and_another_seed_is_not(name):
    make = getattr(data, name)
    (x, target), (again, target_again), (other, target_other) = make(50, seed=1), make(50, seed=1), make(50, seed=2)
    assert (x == again).all()
    assert (target == target_again).all()
    assert not np.allclose(np.sort(x, axis=0), np.sort(other, axis=0))  # other points, not only another order
    assert (target != target_other).any()


@toys
def test_the_rows_are_shuffled(name):
    _, target = getattr(data, name)(60)
    changes = (np.diff(target) != 0).sum()
    assert 15 < changes < 55  # sorted by class: 2 at most; in turns: 59


@toys
def test_the_default_noise_is_not_the_noise_free_set(name):
    width = "spread" if name == "blobs" else "noise"
    make = getattr(data, name)
    bare, _ = make(300, **{width: 0})
    noisy, _ = make(300, **{width: 0.2})
    default = inspect.signature(make).parameters[width].default
    assert default > 0
    # one seed draws one noise: it grows with its standard deviation, and the order stays
    moved = noisy - bare
    assert abs(moved.std() - 0.2) < 0.02
    assert np.abs(moved.mean(axis=0)).max() < 0.04
    assert abs(np.corrcoef(moved.T)[0, 1]) < 0.2  # each coordinate has its own
    assert np.allclose(make(300)[0] - bare, moved * default / 0.2)


def test_numpys_global_state_is_neither_read_nor_moved():
    def everything():
        made = [getattr(data, name)(20, seed=5)[0].sum() for name in TOYS]
        made += [data.digits()[0].sum(), data.split(np.arange(9), np.arange(9))[0].sum()]
        made.append(data.ravine().gradient([1.0, 1.0], rng=np.random.default_rng(5)).sum())
        return made

    before = np.random.get_state()  # noqa: NPY002 - this is what the test is about
    first = everything()
    after = np.random.get_state()  # noqa: NPY002
    assert before[0] == after[0]
    assert (before[1] == after[1]).all()
    assert before[2:] == after[2:]
    try:
        np.random.seed(99)  # noqa: NPY002
        assert everything() == first
    finally:
        np.random.set_state(before)  # noqa: NPY002


# Toy data: the geometry of each


def test_blobs_lie_about_centres_on_the_unit_circle():
    x, target = data.blobs(4000, n_classes=4, spread=0.3, seed=1)
    for k, centre in enumerate([(1, 0), (0, 1), (-1, 0), (0, -1)]):
        cloud = x[target == k]
        assert np.allclose(cloud.mean(axis=0), centre, atol=0.05)
        assert np.allclose(cloud.std(axis=0), 0.3, atol=0.03)


def test_two_blobs_are_parted_by_a_line():
    assert best_line(*data.blobs(400, n_classes=2)) > 0.99


@pytest.mark.parametrize("name", ["moons", "circles", "xor"])
def test_no_line_parts_the_others(name):
    x, target = getattr(data, name)(400)
    assert best_line(x, target) < {"moons": 0.93, "circles": 0.8, "xor": 0.8}[name]


@pytest.mark.parametrize(("noise", "least"), [(0.0, 1.0), (0.1, 0.98)])
def test_moons_are_parted_by_the_curve_of_the_docstring(noise, least):
    x, target = data.moons(1000, noise=noise, seed=2)
    below = x[:, 1] < 0.25 + 0.5 * np.cos(np.pi * x[:, 0])
    assert (below == target).mean() >= least


def test_moons_without_noise_are_half_circles():
    x, target = data.moons(101, noise=0)
    upper, lower = x[target == 0], x[target == 1]
    assert np.allclose(np.hypot(*upper.T), 1)
    assert np.allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert upper[:, 1].min() > -1e-12
    assert lower[:, 1].max() < 0.5 + 1e-12
    assert (len(upper), len(lower)) == (51, 50)


def test_circles_have_radii_1_and_one_half():
    x, target = data.circles(100, noise=0)
    assert np.allclose(np.hypot(*x.T), np.where(target == 0, 1, 0.5))
    assert np.allclose(x[target == 0].mean(axis=0), 0)  # all the way round, no point twice
    assert len(np.unique(x.round(9), axis=0)) == 100
    x, target = data.circles(1000)
    assert ((np.hypot(*x.T) < 0.75) == target).mean() > 0.99


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_spirals_turn_in_step_with_their_radius(n_classes):
    x, target = data.spirals(40 * n_classes, n_classes=n_classes, noise=0)
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    off = angle - 2 * np.pi * target / n_classes - 1.5 * np.pi * radius
    assert np.allclose(np.exp(1j * off), 1)
    for k in range(n_classes):
        assert np.allclose(np.sort(radius[target == k]), np.linspace(0.1, 1, 40))


def test_spirals_arms_stay_apart_without_noise_and_nearly_so_with_it():
    x, target = data.spirals(300, seed=4)
    apart = np.hypot(*(x[:, None] - x[None]).T)
    np.fill_diagonal(apart, np.inf)
    assert (target[apart.argmin(axis=1)] == target).mean() > 0.97
    assert best_line(*data.spirals(300, n_classes=2)) < 0.85


def test_xor_without_noise_is_the_truth_table():
    x, target = data.xor(40, noise=0)
    assert (np.abs(x) == 1).all()
    assert ((x.prod(axis=1) < 0) == target).all()
    _, counts = np.unique(x, axis=0, return_counts=True)
    assert counts.tolist() == [10] * 4
    x, target = data.xor(400)
    assert ((x.prod(axis=1) < 0) == target).mean() > 0.99


# The valley


def test_ravine_starts_where_the_deck_example_does():
    valley = data.ravine()
    assert valley.value(valley.start) == 5.5
    assert valley.value([0.0, 0.0]) == 0
    assert valley.start.tolist() == [1, 1]
    assert valley.gradient(valley.start).tolist() == [1, 10]


@pytest.mark.parametrize("valley", [data.ravine(), data.ravine((3.0, 0.5, 7.0), (1, 2, 3))], ids=["two", "three"])
def test_ravine_gradient_equals_central_differences(valley):
    rng = np.random.default_rng(0)
    for theta in rng.normal(size=(5, len(valley.start))):
        steps = 1e-5 * np.eye(len(theta))
        numeric = (valley.value(theta + steps) - valley.value(theta - steps)) / 2e-5
        assert np.allclose(valley.gradient(theta), numeric, rtol=1e-8, atol=1e-9)


def test_ravine_turns_at_the_step_that_the_errata_name():
    valley = data.ravine()
    g = valley.gradient(valley.start)
    assert valley.value(valley.start - 0.2017 * g) < 5.5 < valley.value(valley.start - 0.2018 * g)


def test_ravine_takes_a_grid():
    grid = np.random.default_rng(1).normal(size=(4, 3, 2))
    valley = data.ravine()
    assert valley.value(grid).shape == (4, 3)
    assert valley.gradient(grid).shape == (4, 3, 2)
    assert np.isclose(valley.value(grid)[2, 1], valley.value(grid[2, 1]))


def test_ravine_noise_is_right_on_average_and_seeded():
    valley = data.ravine(noise=2.0)
    theta = np.tile(valley.start, (20_000, 1))
    error = valley.gradient(theta, rng=np.random.default_rng(3)) - valley.gradient(theta)
    assert np.abs(error.mean(axis=0)).max() < 0.06
    assert np.allclose(error.std(axis=0), 2, atol=0.05)
    one, two = (valley.gradient(valley.start, rng=np.random.default_rng(8)) for _ in range(2))
    assert (one == two).all()
    silent = data.ravine(noise=0)
    assert (silent.gradient(theta, rng=np.random.default_rng(3)) == silent.gradient(theta)).all()


def test_a_rule_in_place_does_not_move_the_start():
    valley = data.ravine()
    theta = valley.start
    theta -= 0.1 * valley.gradient(theta)
    assert valley.start.tolist() == [1, 1]
    with pytest.raises(AttributeError):
        valley.noise = 3.0


# The decks' examples: values by hand, where the doctests do not have them already


EXAMPLES = [
    data.two_two_two,
    data.softmax_scores,
    data.hinge_scores,
    data.large_scores,
    data.shifted_scores,
    data.sigmoid_neuron,
    data.exercise_neuron,
    data.four_classes,
    data.two_predictions,
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.__name__)
def test_examples_are_fresh_at_each_call_and_frozen(example):
    def arrays(case):
        values = case if isinstance(case, tuple) else vars(case).values()
        return [value for value in values if isinstance(value, np.ndarray)]

    first = arrays(example())
    assert first
    assert all(array.dtype == np.float64 for array in first)
    kept = [array.copy() for array in first]
    for array in first:
        array += 1
    for array, before in zip(arrays(example()), kept, strict=True):
        assert (array == before).all()
    if not isinstance(example(), tuple):
        with pytest.raises(AttributeError):
            example().target = None


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_two_two_two_gives_the_decks_outputs_and_the_right_loss():
    deck = data.two_two_two()
    out = sigmoid(sigmoid(deck.x @ deck.W1 + deck.b1) @ deck.W2 + deck.b2)
    assert np.allclose(out, [0.7513650696, 0.7729284653], rtol=0, atol=5e-11)
    assert np.isclose(((out - deck.target) ** 2).sum() / 2, 0.2983711088, rtol=0, atol=5e-11)


@pytest.mark.parametrize(
    ("neuron", "dw", "db", "dx"),
    [
        (data.sigmoid_neuron(), [-0.196612, -0.393224], 0.196612, [0.393224, -0.589836]),
        (
            data.exercise_neuron(),
            [0.0353254, 0.0706508, 0.0529881],
            0.0176627,
            [-0.0176627, 0.0353254, -0.0353254],
        ),
    ],
    ids=["sigmoid", "exercise"],
)
def test_neurons_give_the_golden_derivatives(neuron, dw, db, dx):
    a = sigmoid(neuron.x @ neuron.w + neuron.b)
    slope = a * (1 - a)
    assert np.allclose(slope * neuron.x, dw, rtol=0, atol=1e-6)
    assert np.isclose(slope, db, rtol=0, atol=1e-6)
    assert np.allclose(slope * neuron.w, dx, rtol=0, atol=1e-6)


def test_four_classes_and_two_predictions_give_the_golden_losses():
    sample = data.four_classes()
    assert np.isclose(sample.p.sum(), 1)
    assert np.isclose(((sample.p - np.eye(4)[sample.target]) ** 2).sum(), 0.8078)
    case = data.two_predictions()
    for p in (case.target, case.p1, case.p2):
        assert np.isclose(p.sum(), 1)
    assert np.isclose(((case.target - case.p1) ** 2).sum(), 0.02)
    assert np.isclose(((case.target - case.p2) ** 2).sum(), 0.02)
    assert np.isclose(-(case.target * np.log(case.target)).sum(), 1.029653, rtol=0, atol=1e-6)


def test_the_graphs_inputs_are_the_decks():
    assert data.sum_times() == (-2, 5, -4)


def test_large_scores_overflow_where_they_should():
    sample = data.large_scores()
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(sample.scores)).all()
    shifted = sample.scores - sample.scores.max()
    assert np.isclose(np.log(np.exp(shifted).sum()) - shifted[sample.target], 2.407606, rtol=0, atol=1e-6)


# Digits


def test_digits_golden_facts():
    images, labels = data.digits()
    assert (images.shape, images.dtype, labels.shape, labels.dtype) == ((1797, 64), np.float64, (1797,), np.int64)
    assert (images.min(), images.max(), images.sum()) == (0, 16, 561718)
    assert (images == images.round()).all()
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (labels[0], labels[-1]) == (0, 8)
    assert (images[:, [0, 32, 39]] == 0).all()  # three points that no writer's pen touched


def test_digits_are_fresh_at_each_call():
    images, labels = data.digits()
    images += 1
    labels += 1
    again, labels_again = data.digits()
    assert (again == images - 1).all()
    assert (labels_again == labels - 1).all()


def test_digits_equal_scikit_learns_copy():
    theirs = pytest.importorskip("sklearn.datasets").load_digits()
    images, labels = data.digits()
    assert np.array_equal(images, theirs.data)
    assert np.array_equal(labels, theirs.target)


def test_the_file_is_small_carries_its_credit_and_holds_no_objects(root):
    path = root / "bplib" / "digits.npz"
    assert path.stat().st_size <= 120_000
    with zipfile.ZipFile(path) as file:  # no clock in it: made again, it is the same
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with np.load(path, allow_pickle=False) as stored:
        assert set(stored) == {"images", "labels", "credit"}
        assert not any(stored[name].dtype.hasobject for name in stored)
        credit = str(stored["credit"])
    for part in ("Alpaydin", "Kaynak", "UCI Machine Learning Repository", "CC BY 4.0", "10.24432/C50P49"):
        assert part in credit
        assert part in data.digits.__doc__


# Split


def test_split_parts_every_sample_once_and_keeps_pairs_together():
    x, target = np.arange(202).reshape(101, 2), np.arange(101)
    parts = data.split(x, target, fraction=0.25, seed=4)
    x_train, target_train, x_other, target_other = parts
    assert [len(part) for part in parts] == [76, 76, 25, 25]
    assert sorted(np.concatenate([target_train, target_other])) == list(range(101))
    assert (x_train == x[target_train]).all()
    assert (x_other == x[target_other]).all()
    assert (np.diff(target_train) < 0).any()  # mixed, also within a part
    assert (np.diff(target_other) < 0).any()


def test_split_repeats_a_seed_and_copies():
    x, target = data.moons(40)
    first, again, other = (data.split(x, target, seed=seed) for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[0] != other[0]).any()
    assert not any(np.shares_memory(part, whole) for part in first for whole in (x, target))
    assert [part.dtype for part in first] == [np.float64, np.int64] * 2


# Messages


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: data.blobs(2), ["N is 2", "at least 3"]),
        (lambda: data.spirals(4, n_classes=5), ["N is 4", "at least 5"]),
        (lambda: data.moons(1), ["N is 1", "at least 2"]),
        (lambda: data.circles(0), ["N is 0"]),
        (lambda: data.xor(-3), ["N is -3"]),
        (lambda: data.moons(10.0), ["N is 10.0", "whole number"]),
        (lambda: data.blobs(10, n_classes=1), ["n_classes is 1", "at least 2"]),
        (lambda: data.spirals(10, n_classes=2.5), ["n_classes is 2.5", "whole number"]),
        (lambda: data.blobs(10, spread=-0.1), ["spread is -0.1", "at least 0"]),
        (lambda: data.moons(10, noise=-1), ["noise is -1", "at least 0"]),
        (lambda: data.circles(10, noise=-1), ["noise is -1", "at least 0"]),
        (lambda: data.spirals(10, noise=float("nan")), ["noise is nan", "finite"]),
        (lambda: data.xor(10, noise=float("inf")), ["noise is inf", "finite"]),
        (lambda: data.xor(10, seed=None), ["seed is None", "whole number"]),
        (lambda: data.moons(10, seed=-1), ["seed is -1", "at least 0"]),
        (lambda: data.ravine(curvature=(1, 0)), ["curvature is (1, 0)", "positive"]),
        (lambda: data.ravine(curvature=(), start=()), ["curvature is ()", "positive"]),
        (lambda: data.ravine(start=(1, 2, 3)), ["start is (1, 2, 3)", "2 finite numbers"]),
        (lambda: data.ravine(noise=-2), ["noise is -2", "at least 0"]),
        (lambda: data.ravine().value([1, 2, 3]), ["theta has shape (3,)", "2 coordinates"]),
        (lambda: data.ravine().gradient(1.0), ["theta has shape ()", "2 coordinates"]),
        (lambda: data.split(np.ones(4), np.ones(5)), ["target has shape (5,)", "(4,)"]),
        (lambda: data.split(np.ones(4), 1.0), ["target has shape ()", "(4,)"]),
        (lambda: data.split(np.ones(4), np.ones(4), fraction=0), ["fraction is 0", "between 0 and 1"]),
        (lambda: data.split(np.ones(4), np.ones(4), fraction=1.0), ["fraction is 1.0", "between 0 and 1"]),
        (lambda: data.split(np.ones(4), np.ones(4), fraction=float("nan")), ["fraction is nan"]),
        (lambda: data.split(np.ones(4), np.ones(4), fraction=0.1), ["fraction is 0.1", "4 samples", "empty"]),
        (lambda: data.split(np.ones(4), np.ones(4), fraction=0.9), ["fraction is 0.9", "4 samples", "empty"]),
        (lambda: data.split(np.ones(4), np.ones(4), seed="a"), ["seed is 'a'", "whole number"]),
    ],
)
def test_a_wrong_argument_is_named_with_what_came_and_what_is_needed(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_numpys_whole_numbers_count_as_whole_numbers():
    x, _ = data.moons(np.int64(6), seed=np.int64(0))
    assert (x == data.moons(6)[0]).all()
