"""Learners' answers to ps02, split_batches(order, size) -> list of int arrays, the last one short."""
import math

import numpy as np


def right__slices(order, size):
    """Slices of length size."""
    return [order[i:i + size] for i in range(0, len(order), size)]


def right__numpy_split(order, size):
    """np.split at the multiples of size."""
    return np.split(order, range(size, len(order), size))


def right__slow_collecting(order, size):
    """Collects index after index and starts a new batch when one is full."""
    batches, current = [], []
    for index in order:
        current.append(int(index))
        if len(current) == size:
            batches.append(np.array(current))
            current = []
    if current:
        batches.append(np.array(current))
    return batches


def right__while(order, size):
    """Takes from the front while something is left."""
    rest, batches = np.array(order), []
    while rest.size > 0:
        batches.append(rest[:size])
        rest = rest[size:]
    return batches


def wrong__last_batch_dropped__matrices(order, size):
    """Cut to full batches and reshaped."""
    full = len(order) // size
    return list(order[:full * size].reshape(full, size))


def wrong__last_batch_dropped__loops(order, size):
    """The batch that is being filled at the end is never appended."""
    batches, current = [], []
    for index in order:
        current.append(index)
        if len(current) == size:
            batches.append(np.array(current))
            current = []
    return batches


def wrong__batches_off_by_one__matrices(order, size):
    """Slices from 1 on: the first sample never comes."""
    return [order[i:i + size] for i in range(1, len(order), size)]


def wrong__batches_off_by_one__loops(order, size):
    """i + size - 1 as end: the last one of each batch is missing."""
    out = []
    for i in range(0, len(order), size):
        batch = []
        for j in range(i, min(i + size - 1, len(order))):
            batch.append(order[j])
        out.append(np.array(batch, dtype=int))
    return out


def wrong__batches_off_by_one__matrices__2(order, size):
    """i + size + 1 as end: neighbours share a sample."""
    return [order[i:i + size + 1] for i in range(0, len(order), size)]


def wrong__not_shuffled__matrices(order, size):
    """Consecutive numbers, the order is only used for its length."""
    return [np.arange(i, min(i + size, len(order))) for i in range(0, len(order), size)]


def wrong__not_shuffled__loops(order, size):
    """Sorted first."""
    rest = sorted(order)
    batches = []
    while rest:
        batches.append(np.array(rest[:size]))
        del rest[:size]
    return batches


def wrong__first_only__loops(order, size):
    """return in the loop: one batch."""
    batches = []
    for i in range(0, len(order), size):
        batches.append(order[i:i + size])
        return batches
    return batches


def wrong__last_only__loops(order, size):
    """The list is made anew in each round."""
    for i in range(0, len(order), size):
        batches = []
        batches.append(order[i:i + size])
    return batches


def wrong__list_reversed__matrices(order, size):
    """Taken from the end of the list."""
    return [order[i:i + size] for i in range(0, len(order), size)][::-1]


def wrong__list_reversed__loops(order, size):
    """Each new batch is put in front."""
    batches = []
    for b in range(math.ceil(len(order) / size)):
        batches.insert(0, order[b * size:(b + 1) * size])
    return batches


def pair__not_shuffled__last_batch_dropped__matrices(order, size):
    """np.arange, and only full batches."""
    full = len(order) // size
    return [np.arange(k * size, (k + 1) * size) for k in range(full)]


def outside__size_taken_for_number__matrices(order, size):
    """size batches instead of batches of that size."""
    return np.array_split(order, size)


def outside__evenly_split__matrices(order, size):
    """The right number of batches, but of nearly equal length."""
    return np.array_split(order, math.ceil(len(order) / size))


def outside__dealt_like_cards__loops(order, size):
    """Every n-th sample goes to the same batch."""
    n = math.ceil(len(order) / size)
    return [order[k::n] for k in range(n)]


def outside__last_batch_filled_from_the_front__loops(order, size):
    """The last batch is topped up with the first samples."""
    batches = []
    for i in range(0, len(order), size):
        batches.append(np.array([order[j % len(order)] for j in range(i, i + size)]))
    return batches


def outside__rest_joined_to_the_last_full_batch__matrices(order, size):
    """The short rest is appended to the last full batch."""
    cuts = [size * k for k in range(1, max(1, len(order) // size))]
    return np.split(order, cuts)


def outside__short_batch_first__matrices(order, size):
    """Cut from behind, so the first batch is the short one."""
    first = len(order) % size or size
    return np.split(order, range(first, len(order), size))


def outside__overlapping__loops(order, size):
    """range without the step: one batch for every start."""
    return [order[i:i + size] for i in range(len(order))]


def outside__sorted_inside__matrices(order, size):
    """Indices of each batch sorted."""
    return [np.sort(order[i:i + size]) for i in range(0, len(order), size)]
