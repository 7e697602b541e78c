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
