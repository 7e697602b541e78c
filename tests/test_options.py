import signal
import sys
from dataclasses import replace

import pytest

import options
from options import params_of
from params import PRESETS
from params import Params
from tfvae import objectives
from tfvae.objectives.beta import H
from tfvae.objectives.total_correlation import TC
from tfvae.schedules import Linear

QUICK = PRESETS["quick-B"]
BURGESS = PRESETS["burgess2018-dsprites"]
LOCATELLO = PRESETS["locatello2019-beta4"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, QUICK),
        ({"objective": None, "steps": None, "gamma": None}, QUICK),
        ({"objective": "H"}, PRESETS["quick-H"]),
        ({"preset": "locatello2019-beta4"}, LOCATELLO),
        (
            {"preset": "burgess2018-dsprites", "objective": "B"},
            BURGESS,
        ),
        (
            {"preset": "burgess2018-dsprites", "objective": "TC"},
            replace(BURGESS, objective=TC()),
        ),
        (
            {"preset": "burgess2018-dsprites", "gamma": "5", "steps": 10},
            replace(
                BURGESS,
                objective=replace(BURGESS.objective, gamma=5.0),
                steps=10,
            ),
        ),
        (
            {"objective": "H", "preset": "quick-B", "beta": "8"},
            replace(QUICK, objective=H(beta=8.0)),
        ),
        (
            {"capacity": "1:9:50"},
            replace(
                QUICK,
                objective=replace(
                    QUICK.objective, capacity=Linear(1.0, 9.0, 50)
                ),
            ),
        ),
        (
            {"objective": "TC", "estimator": "MSS", "dataset_size": "100"},
            replace(
                PRESETS["quick-TC"],
                objective=TC(estimator="MSS", dataset_size=100),
            ),
        ),
        (
            {"likelihood": "laplace", "scale": "0.5"},
            replace(
                QUICK, likelihood="laplace", likelihood_options={"scale": 0.5}
            ),
        ),
        (
            {"dataset": "dsprites_original", "data_path": "a.npz"},
            replace(
                QUICK,
                dataset="dsprites_original",
                data_options={"path": "a.npz"},
            ),
        ),
        (
            {"dataset": "folder", "data_dir": "d", "data_image_size": "128"},
            replace(
                QUICK,
                dataset="folder",
                data_options={"dir": "d", "image_size": 128},
            ),
        ),
        (
            {"dataset": "mnist", "data_download": True},
            replace(QUICK, dataset="mnist", data_options={"download": True}),
        ),
        (
            {"latent_dim": 3, "seed": 7, "precision": "mixed_bfloat16"},
            replace(QUICK, latent_dim=3, seed=7, precision="mixed_bfloat16"),
        ),
    ],
)
def test_preset_then_objective_then_every_option(given, expected):
    assert params_of(given) == expected


@pytest.mark.parametrize("name", objectives.names())
def test_every_objective_can_be_asked_for_by_its_name_alone(name):
    params = params_of({"objective": name})
    assert params.objective.name == name
    assert isinstance(params, Params)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"objective": "C"}, "Unknown objective. Received: objective='C'"),
        ({"objective": "hinges"}, "Did you mean 'hinge'"),
        ({"preset": "quick_B"}, "Did you mean 'quick-B'"),
        ({"dataset": "dsprite"}, "Did you mean 'dsprites'"),
        ({"network": "burges2018"}, "Did you mean 'burgess2018'"),
        ({"likelihood": "gausian"}, "Did you mean 'gaussian'"),
        ({"precision": "float23"}, "Did you mean 'float32'"),
        ({"beta": "4"}, "B has no option --beta; it has: --gamma, --capacity"),
        ({"objective": "VAE", "gamma": "4"}, "it has: none"),
        ({"sigma": "1"}, "bernoulli has no option --sigma"),
        ({"data_path": "a.npz"}, "dsprites has no option --data-path"),
        ({"data_strict": True}, "dsprites has no option --strict"),
        ({"dataset": "folder"}, "folder needs --data-dir"),
        (
            {"dataset": "folder", "data_dir": "d", "data_image_size": "big"},
            "--size takes a number. Received: --size big",
        ),
        ({"data_download": True}, "dsprites has no option --data-download"),
        ({"objective": "H", "beta": "-4"}, ">= 0. Received: .*-4"),
        ({"objective": "H", "beta": "nan"}, "finite .* Received: .*nan"),
        ({"objective": "H", "beta": "four"}, "written .* Received: 'four'"),
        ({"objective": "H", "beta": "4:1"}, "written .* Received: '4:1'"),
        ({"capacity": "0:25:0"}, "`steps` must be > 0"),
        ({"objective": "TC", "dataset_size": "1.5"}, "--dataset-size takes a"),
        ({"objective": "TC", "estimator": "MMS"}, "MMS"),
        ({"likelihood": "laplace", "scale": "wide"}, "--scale takes a number"),
        (
            {"likelihood": "laplace", "scale": "-1"},
            "`scale` must be a finite number > 0",
        ),
        ({"latent_dim": 0}, "Received: latent_dim=0"),
        ({"steps": -1}, "Received: steps=-1"),
    ],
)
def test_what_does_not_exist_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        params_of(given)


def run_command(monkeypatch, arguments, function) -> int:
    """The exit status of a command line."""
    monkeypatch.setattr(sys, "argv", ["train.py", *arguments])
    with pytest.raises(SystemExit) as end:
        options.run_command("train.py", function)
    return end.value.code


def test_the_command_line_reaches_the_function(monkeypatch, tmp_path):
    calls = []

    def function(*arguments):
        calls.append(arguments)
        return 7

    arguments = ["--objective=H", "--beta", "8", "--latent-dim", "3"]
    place = ["--run-dir", str(tmp_path), "--resume"]
    assert run_command(monkeypatch, [*arguments, *place], function) == 7
    assert run_command(monkeypatch, [], function) == 7
    expected = replace(PRESETS["quick-H"], objective=H(beta=8.0), latent_dim=3)
    assert calls == [
        (expected, tmp_path, True, None, None),
        (QUICK, None, False, None, None),
    ]


def test_hosts_and_devices_reach_the_function(monkeypatch):
    calls = []
    arguments = "--distribute", "multiworker", "--devices", "GPU:0,GPU:1"
    run_command(monkeypatch, arguments, lambda *given: calls.append(given))
    assert calls == [(QUICK, None, False, "GPU:0,GPU:1", "multiworker")]


def test_a_field_may_have_a_flag_of_its_own(monkeypatch):
    """The command line of a folder of images, as the documents have it."""
    calls = []

    def function(params, *_):
        calls.append((params.dataset, params.data_options))
        return 0

    line = "--dataset folder --data-dir d --size 128 --channels 1 --strict"
    arguments = [*line.split(), "--data-factors", "f.csv"]
    assert run_command(monkeypatch, arguments, function) == 0
    expected = {
        "dir": "d",
        "image_size": 128,
        "channels": 1,
        "strict": True,
        "factors_csv": "f.csv",
    }
    assert calls == [("folder", expected)]


def test_help_lists_every_choice_and_is_no_error(monkeypatch, capfd):
    assert run_command(monkeypatch, ["--help"], None) == 0
    text = "".join(capfd.readouterr().out.split())  # long lists are wrapped
    for name in (*objectives.names(), *PRESETS, "--capacity", "--data-path"):
        assert name in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--objectve", "B"], "Received: --objectve. Did you mean --objective"),
        (["--objective"], "requires an argument"),
        (["--steps", "many"], "'many' is not a valid integer"),
        (["--objective", "C"], "Unknown objective"),
        (["B"], "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_status_2(
    monkeypatch, capfd, arguments, message
):
    assert run_command(monkeypatch, arguments, None) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("train.py: error: ") and err.count("\n") == 1
    assert message in err


def test_a_file_that_fails_is_one_line_and_exit_status_2(
    monkeypatch, capfd, tmp_path
):
    def function(*arguments):
        (tmp_path / "missing").read_text()

    assert run_command(monkeypatch, [], function) == 2
    err = capfd.readouterr().err
    assert str(tmp_path / "missing") in err and err.count("\n") == 1


def test_ctrl_c_outside_training_is_no_traceback(monkeypatch, capfd):
    def function(*arguments):
        signal.raise_signal(signal.SIGINT)

    assert run_command(monkeypatch, [], function) == 130
    assert len(capfd.readouterr().err.strip().splitlines()) <= 1


def test_the_command_line_can_be_typed_again(monkeypatch):
    monkeypatch.setattr("sys.argv", ["a/train.py", "--run-dir", "my runs"])
    assert options.command_line() == "python a/train.py --run-dir 'my runs'"


def test_what_is_true_or_false_is_an_option_without_a_value(monkeypatch):
    calls = []
    arguments = ["--dataset", "mnist", "--data-download", "--data-dir", "d"]
    run_command(monkeypatch, arguments, lambda *given: calls.append(given) or 0)
    [(params, *_)] = calls
    assert params.data_options == {"download": True, "dir": "d"}


def test_no_two_options_have_one_name():
    families = options.OBJECTIVE, options.LIKELIHOOD, options.DATA
    known = [*options.general(), *(o for f in families for o in f.options())]
    flags = [flag for option in known for flag in option.opts]
    assert len({*flags}) == len(flags)
