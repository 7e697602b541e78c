import pytest

from tfvae.training import optimizers


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_a_name_makes_a_keras_optimizer_with_its_learning_rate(name):
    optimizer = optimizers.make(name, 0.25, {})
    assert type(optimizer).__name__.lower() == name
    assert float(optimizer.learning_rate) == 0.25


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("adam", {"beta_1": 0.5, "amsgrad": True}),
        ("sgd", {"momentum": 0.75, "nesterov": True}),
        ("rmsprop", {"rho": 0.5, "centered": True}),
        ("adagrad", {"epsilon": 0.5}),
    ],
)
def test_options_reach_the_keras_class(name, options):
    config = optimizers.make(name, 0.25, options).get_config()
    assert {key: config[key] for key in options} == options


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="'adamm'.* Did you mean 'adam'"):
        optimizers.make("adamm", 0.25, {})


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 1.0), (25, 0.868198), (50, 0.55), (100, 0.1), (200, 0.1)],
)
def test_half_a_cosine_leads_from_start_to_stop_and_stays(step, rate):
    schedule = optimizers.cosine(1.0, 0.1, steps=100)
    assert float(schedule(step)) == pytest.approx(rate)


def test_without_a_stop_the_start_is_kept():
    assert optimizers.cosine(0.25, None, steps=100) == 0.25
