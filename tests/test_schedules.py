import math

import numpy as np
import pytest
import tensorflow as tf

from tfvae import schedules
from tfvae.schedules import Constant
from tfvae.schedules import Geometric
from tfvae.schedules import Linear

VALUES = [
    (Constant(4.0), {0: 4, 7: 4, 10**9: 4}),
    (Constant(0.0), {0: 0, 7: 0}),
    (Linear(0.0, 25.0, steps=100), {0: 0, 50: 12.5, 99: 24.75, 100: 25}),
    (Linear(0.0, 25.0, steps=100), {101: 25, 10**9: 25, 2**40: 25}),
    (Linear(60.0, 4.0, steps=1000), {0: 60, 500: 32, 1000: 4, 1001: 4}),
    (Linear(0.5, 25.0, steps=1), {0: 0.5, 1: 25, 2: 25}),
    (Geometric(100.0, 1.0, steps=10), {0: 100, 5: 10, 10: 1, 11: 1}),
    (Geometric(1.0, 16.0, steps=4), {0: 1, 1: 2, 2: 4, 3: 8, 4: 16, 99: 16}),
]


@pytest.mark.parametrize("schedule, values", VALUES)
def test_values_in_eager_mode(schedule, values):
    for step, value in values.items():
        for given in (step, tf.constant(step, tf.int64)):
            result = schedule(given)
            assert result.dtype == tf.float32
            assert result.shape == ()
            assert float(result) == pytest.approx(value)


@pytest.mark.parametrize("schedule, values", VALUES)
def test_values_in_a_compiled_function(schedule, values):
    compiled = tf.function(
        schedule, input_signature=[tf.TensorSpec([], tf.int64)]
    )
    for step, value in values.items():
        result = compiled(tf.constant(step, tf.int64))
        assert float(result) == pytest.approx(value)


def double(step):
    return 2.0 * tf.cast(step, tf.float32)


@pytest.mark.parametrize(
    "identifier, schedule",
    [
        (4, Constant(4.0)),
        (0.5, Constant(0.5)),
        (np.float32(0.5), Constant(0.5)),
        (np.int64(4), Constant(4.0)),
        ("4", Constant(4.0)),
        ("1e-3", Constant(0.001)),
        ("0:25:1000", Linear(0.0, 25.0, 1000)),
        ("0:25:1000:Linear", Linear(0.0, 25.0, 1000)),
        ("60:4:5000:Geometric", Geometric(60.0, 4.0, 5000)),
        ({"name": "Constant", "value": 2.0}, Constant(2.0)),
        (Linear(1.0, 2.0, 3), Linear(1.0, 2.0, 3)),
        (double, double),
    ],
)
def test_what_a_schedule_can_be_given_as(identifier, schedule):
    assert schedules.get(identifier) == schedule


@pytest.mark.parametrize(
    "text",
    ["", "fast", "0:25", "0::100", "0:25:half", "0:25:1.5", "0:25:9:Linear:9"],
)
def test_bad_text_is_refused_with_the_forms_there_are(text):
    with pytest.raises(ValueError, match="'start:stop:steps'") as error:
        schedules.get(text)
    assert f"Received: {text!r}" in str(error.value)


@pytest.mark.parametrize(
    "identifier, message",
    [
        ("0:25:1000:Linaer", "Did you mean 'Linear'"),
        ("-4", "`value` must be a finite number >= 0"),
        ("nan", "`value` must be a finite number >= 0"),
        ("0:25:0", "`steps` must be > 0. Received: steps=0"),
        ("0:25:10:Geometric", "cannot touch 0"),
        (True, "Received: True"),
        (None, "Received: None"),
        ([0, 25, 1000], "Received: "),
    ],
)
def test_bad_identifier_is_refused(identifier, message):
    with pytest.raises(ValueError, match=message):
        schedules.get(identifier)


@pytest.mark.parametrize("number", [-1.0, math.nan, math.inf, -math.inf])
def test_values_are_finite_and_not_negative(number):
    with pytest.raises(ValueError, match=f"Received: value={number}"):
        Constant(number)
    for cls in (Linear, Geometric):
        with pytest.raises(ValueError, match=f"Received: start={number}"):
            cls(number, 1.0, 10)
        with pytest.raises(ValueError, match=f"Received: stop={number}"):
            cls(1.0, number, 10)


@pytest.mark.parametrize("cls", [Linear, Geometric])
@pytest.mark.parametrize("steps", [0, -1, math.nan])
def test_steps_are_positive(cls, steps):
    with pytest.raises(ValueError, match=f"Received: steps={steps}"):
        cls(1.0, 2.0, steps)


@pytest.mark.parametrize("start, stop", [(0.0, 1.0), (1.0, 0.0)])
def test_geometric_cannot_touch_zero(start, stop):
    with pytest.raises(ValueError, match="use Linear"):
        Geometric(start, stop, 10)
