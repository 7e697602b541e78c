import shutil

import numpy as np
import pytest

import tfvae
from tests.runs import finished_run
from tfvae.comparing import RunViews
from tfvae.metrics import encoding
from tfvae.training.files import write_json
from tfvae.training.runs import Run


@pytest.fixture(scope="module")
def views(two_runs):
    return RunViews(list(two_runs))


def test_names_objectives_and_seeds(views):
    assert views.run_names == ["B", "VAE"]
    assert views.objectives == ["B", "VAE"]
    assert views.seeds == [0, 1]


def test_numbers_are_those_of_metrics_json(views, two_runs):
    stored = [Run(directory).metrics() for directory in two_runs]
    assert views.rates.tolist() == [numbers["kl"] for numbers in stored]
    assert views.distortions.tolist() == [numbers["nll"] for numbers in stored]
    assert views.migs.tolist() == [numbers["mig"] for numbers in stored]
    np.testing.assert_allclose(views.elbos, -views.rates - views.distortions)


def test_without_metrics_json_they_are_measured(views, two_runs, tmp_path):
    copy = shutil.copytree(two_runs[0], tmp_path / "B")
    Run(copy).metrics_file.write_text('{"evaluation": {}}')
    rates = RunViews([copy]).rates
    np.testing.assert_allclose(rates, views.rates[:1], rtol=1e-6)


def test_all_models_see_the_same_images(views, two_runs):
    model, _ = tfvae.load_run(two_runs[1])
    np.testing.assert_allclose(
        views.run_reconstructed[1], model.reconstruct(views.images), atol=1e-6
    )
    assert len(views.run_reconstructed) == 2


def test_histories_are_those_of_the_runs(views):
    for history in views.histories:
        assert history["step"].tolist() == [2, 4, 6, 8, 10]
        assert np.isfinite(history["kl/0"]).all()


def test_runs_of_one_name_are_told_apart_by_their_folders(two_runs, tmp_path):
    copies = [
        shutil.copytree(two_runs[0], tmp_path / parent / "B")
        for parent in ("one", "two")
    ]
    assert RunViews(copies).run_names == ["one/B", "two/B"]


def test_nats_of_different_likelihoods_do_not_compare(two_runs, tmp_path):
    parent = shutil.copytree(two_runs[0].parent, tmp_path / "runs")
    other = finished_run(parent / "other", steps=1, likelihood="gaussian")
    params = Run(other).params()
    params["data_options"] = Run(two_runs[0]).params()["data_options"]
    write_json(Run(other).params_file, params)
    views = RunViews([two_runs[0], other])
    with pytest.raises(ValueError, match="different likelihood"):
        _ = views.elbos


def test_evaluations_are_of_these_weights_or_none(two_runs, tmp_path):
    run = Run(shutil.copytree(two_runs[0], tmp_path / "B"))
    model, _ = tfvae.load_run(run.directory)
    for weights, found in [(encoding.fingerprint(model), True), ("", False)]:
        evaluation = {"weights": weights, "metrics": {}}
        write_json(run.metrics_file, {"evaluation": evaluation})
        assert bool(RunViews([run.directory]).evaluations[0]) is found


def test_an_unfinished_run_is_known_as_such(two_runs, tmp_path):
    copy = shutil.copytree(two_runs[0], tmp_path / "B")
    Run(copy).model_file.unlink()
    assert RunViews([copy, two_runs[1]]).finished == [False, True]


def test_a_run_without_history_is_named(two_runs, tmp_path):
    copy = shutil.copytree(two_runs[0], tmp_path / "B")
    Run(copy).history_file.unlink()
    with pytest.raises(ValueError, match="B has no history"):
        _ = RunViews([two_runs[1], copy]).histories


def test_a_run_given_twice_is_refused(two_runs):
    with pytest.raises(ValueError, match="Received twice"):
        RunViews([two_runs[0], two_runs[0]])


def test_runs_on_other_data_are_refused(two_runs, tmp_path):
    other = finished_run(tmp_path / "other", steps=1)
    with pytest.raises(ValueError, match="the same data_options"):
        RunViews([two_runs[0], other])
