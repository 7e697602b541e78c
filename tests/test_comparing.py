import shutil

import numpy as np
import pytest

import tfvae
from tests.runs import finished_run
from tfvae.comparing import RunViews
from tfvae.training.runs import Run


@pytest.fixture(scope="module")
def views(two_runs):
    return RunViews(list(two_runs))


def test_names_objectives_and_seeds(views):
    assert views.run_names == ["B", "H"]
    assert views.objectives == ["B", "H"]
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
        assert history["step"].tolist() == [2, 4, 6]
        assert np.isfinite(history["kl/0"]).all()


def test_runs_of_one_name_are_told_apart_by_their_folders(two_runs, tmp_path):
    copies = [
        shutil.copytree(two_runs[0], tmp_path / parent / "B")
        for parent in ("one", "two")
    ]
    assert RunViews(copies).run_names == ["one/B", "two/B"]


def test_a_run_given_twice_is_refused(two_runs):
    with pytest.raises(ValueError, match="Received twice"):
        RunViews([two_runs[0], two_runs[0]])


def test_runs_on_other_data_are_refused(two_runs, tmp_path):
    other = finished_run(tmp_path / "other", steps=1)
    with pytest.raises(ValueError, match="the same data_options"):
        RunViews([two_runs[0], other])
