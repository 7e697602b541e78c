from math import exp

import numpy as np
import pytest

from tests.oracles import random_forward
from tfvae.objectives.dynamic import Dynamic

FORWARD = random_forward()
KL = float(np.mean(FORWARD.kl()))


def steered(objective, steps, forward=FORWARD):
    """beta of each step on one batch, the companion, and the last terms."""
    companion = objective.companion(3)
    forward = forward._replace(companion=companion)
    betas = []
    for step in range(steps):
        terms = objective(forward, step)
        betas.append(float(terms["beta"]))
        companion.learn(forward, None, step, None)
    return betas, companion, terms


def test_a_steady_error_moves_beta_by_ki_a_step():
    e = -KL / 2
    objective = Dynamic(KL / 2, kp=0.5, ki=0.1, beta_start=3)
    betas, _, terms = steered(objective, 3)
    np.testing.assert_allclose(betas, [3 - 0.1 * e * n for n in (1, 2, 3)])
    expected = terms["nll"] + betas[-1] * terms["kl"]
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-5)


def test_a_changing_error_adds_the_difference():
    """C falls from 2 KL to KL: e from KL to 0."""
    capacity = f"{2 * KL}:{KL}:1"
    objective = Dynamic(capacity, kp=0.5, ki=0.1, beta_start=3)
    betas, _, _ = steered(objective, 2)
    first = 3 - 0.1 * KL
    second = first + 0.5 * (1 / 2 - 1 / (1 + exp(KL)))
    np.testing.assert_allclose(betas, [first, second], rtol=1e-4)


def test_beta_may_fall_below_1_and_comes_back_at_once():
    low = Dynamic(3 * KL, ki=1.0, beta_start=1.5, beta_min=0.2)
    betas, companion, _ = steered(low, 20)
    assert betas[-1] == pytest.approx(0.2)
    assert float(companion["beta"]) == pytest.approx(0.2)


def test_the_kl_is_averaged_over_the_window():
    objective = Dynamic(window=2.0)
    companion = objective.companion(3)
    averages, own = [], []
    for seed in range(3):
        forward = random_forward(seed)._replace(companion=companion)
        own.append(float(np.mean(forward.kl())))
        companion.learn(forward, None, 0, None)
        averages.append(float(companion["kl"]))
    expected = [own[0], (own[0] + own[1]) / 2]
    expected.append((expected[1] + own[2]) / 2)
    np.testing.assert_allclose(averages, expected, rtol=1e-5)
