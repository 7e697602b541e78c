from math import exp

import numpy as np
import pytest

from tests.oracles import random_forward
from tfvae.objectives.control import Control


def steered(objective, steps):
    """beta of each step on one batch, and the companion after them."""
    companion = objective.companion(3)
    forward = random_forward()._replace(companion=companion)
    betas = []
    for step in range(steps):
        terms = objective(forward, step)
        betas.append(float(terms["beta"]))
        companion.learn(forward, None, step, None)
    return betas, companion, terms


KL = float(np.mean(random_forward().kl()))


def test_beta_of_the_first_steps_worked_by_hand():
    """With a KL too large by e, beta grows by ki e a step."""
    e = KL / 2
    objective = Control(capacity=KL / 2, kp=0.5, ki=0.1)
    betas, companion, _ = steered(objective, 3)
    proportional = 0.5 / (1 + exp(-e))
    expected = [1 + proportional + 0.1 * e * step for step in (1, 2, 3)]
    np.testing.assert_allclose(betas, expected, rtol=1e-5)
    assert float(companion["integral"]) == pytest.approx(0.3 * e, rel=1e-5)


def test_below_the_least_beta_the_sum_stands_still():
    """Otherwise 50 steps below the set point would take 50 to undo."""
    low = Control(capacity=KL + 2, kp=0.5, ki=0.5)
    betas, companion, _ = steered(low, 50)
    assert betas == [1.0] * 50
    # once, for beta started at its least
    assert float(companion["integral"]) == pytest.approx(-1.0, rel=1e-5)


def test_the_loss_has_the_beta_of_its_own_step_as_a_constant():
    objective = Control(capacity=KL / 2, kp=0.5, ki=0.1)
    betas, _, terms = steered(objective, 1)
    expected = terms["nll"] + betas[0] * terms["kl"]
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-5)


def test_at_the_set_point_beta_stays():
    betas, companion, _ = steered(Control(capacity=KL, kp=0.5, ki=0.1), 5)
    np.testing.assert_allclose(betas, 1.25, rtol=1e-5)
    assert float(companion["integral"]) == pytest.approx(0, abs=1e-5)
