"""Learners' answers to ps03, directional_pair(loss, claimed, theta, u, h) -> (claimed_u, numeric_u)."""
import numpy as np


def right__dot_product(loss, claimed, theta, u, h):
    """claimed @ u, and a central difference along u."""
    return float(claimed @ u), (loss(theta + h * u) - loss(theta - h * u)) / (2 * h)


def right__loop(loss, claimed, theta, u, h):
    """Entry by entry."""
    slope, ahead, behind = 0.0, list(theta), list(theta)
    for i in range(len(theta)):
        slope += claimed[i] * u[i]
        ahead[i] += h * u[i]
        behind[i] -= h * u[i]
    return float(slope), (loss(np.array(ahead)) - loss(np.array(behind))) / h / 2


def right__in_place_and_back(loss, claimed, theta, u, h):
    """theta itself goes up, twice down, and back."""
    here = theta.copy()
    theta += h * u
    up = loss(theta)
    theta -= 2 * h * u
    down = loss(theta)
    theta[:] = here
    return np.sum(claimed * u), 0.5 * (up - down) / h


def wrong__direction_forgotten__claimed(loss, claimed, theta, u, h):
    """First wrong: claimed_u"""
    return float(claimed.sum()), (loss(theta + h * u) - loss(theta - h * u)) / (2 * h)


def wrong__direction_forgotten__numeric(loss, claimed, theta, u, h):
    """First wrong: numeric_u"""
    return float(claimed @ u), (loss(theta + h) - loss(theta - h)) / (2 * h)


def wrong__direction_shortened__both(loss, claimed, theta, u, h):
    """First wrong: claimed_u"""
    u = u / np.linalg.norm(u)
    return float(claimed @ u), (loss(theta + h * u) - loss(theta - h * u)) / (2 * h)


def wrong__mean_for_sum__claimed(loss, claimed, theta, u, h):
    """First wrong: claimed_u"""
    return float(np.mean(claimed * u)), (loss(theta + h * u) - loss(theta - h * u)) / (2 * h)


def wrong__divided_by_h__numeric(loss, claimed, theta, u, h):
    """First wrong: numeric_u"""
    return float(claimed @ u), (loss(theta + h * u) - loss(theta - h * u)) / h


def wrong__forward_for_central__numeric(loss, claimed, theta, u, h):
    """First wrong: numeric_u"""
    return float(claimed @ u), (loss(theta + h * u) - loss(theta)) / h


def wrong__not_divided_by_h__numeric(loss, claimed, theta, u, h):
    """First wrong: numeric_u"""
    return float(claimed @ u), loss(theta + h * u) - loss(theta - h * u)


def wrong__values_exchanged__order(loss, claimed, theta, u, h):
    """The numeric one first."""
    return (loss(theta + h * u) - loss(theta - h * u)) / (2 * h), float(claimed @ u)


def outside__only_the_first_entry_moves__numeric(loss, claimed, theta, u, h):
    """First wrong: numeric_u"""
    step = np.zeros_like(u)
    step[0] = h * u[0]
    return float(claimed @ u), (loss(theta + step) - loss(theta - step)) / (2 * h)


def outside__squared_direction__claimed(loss, claimed, theta, u, h):
    """First wrong: claimed_u"""
    return float(claimed @ u**2), (loss(theta + h * u) - loss(theta - h * u)) / (2 * h)
