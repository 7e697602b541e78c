import html
import re
import shlex
import shutil
from html.parser import HTMLParser

import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner

import tfvae
from tests.runs import bars
from tests.runs import finished_run
from tfvae import figures
from tfvae import report
from tfvae.commands import commands
from tfvae.metrics import encoding
from tfvae.report import of_run
from tfvae.training.files import write_json
from tfvae.training.runs import Run


@pytest.fixture(scope="module")
def run(two_runs, tmp_path_factory) -> Run:
    directory = tmp_path_factory.mktemp("report") / "B"
    return Run(shutil.copytree(two_runs[0], directory))


@pytest.fixture(scope="module")
def page(run) -> str:
    model, _ = tfvae.load_run(run.directory)
    dataset = tfvae.data.from_arrays(*bars())
    path = report.write_report(run, model, dataset)
    assert path == run.directory / "report.html"
    return path.read_text()


class Addresses(HTMLParser):
    """Everything a page would load."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [v for k, v in attrs if k in ("src", "href")]


def test_the_page_loads_nothing_from_elsewhere(page):
    addresses = Addresses(page).found
    assert len(addresses) > 5
    for address in addresses:
        assert address.startswith(("data:", "#"))
    assert "url(" not in page and "@import" not in page


def test_it_says_what_was_trained_and_how_to_do_it_again(page, run):
    params = run.params()
    for text in (
        "python train.py --dataset npz",
        str(run.directory),
        params["versions"]["tensorflow"],
        params["versions"]["tfvae"],
        "B(gamma=Constant",
        "384 of 32 x 32 x 1",
    ):
        assert text in page


def test_every_figure_is_there_or_its_absence_explained(page):
    missing = "position_tuning"  # bars have no posX
    for name in figures.FIGURES.names():
        drawn = f"<h3>{of_run.page.title(name)}</h3>" in page
        assert drawn == (name != missing), name
    assert re.search(f"{missing}: .*posX", page)


def test_metrics_stand_with_their_intervals_and_definitions(page):
    assert "<summary>mig</summary>" in page
    assert "Chen et al. (2018), eq. 6" in page
    assert "over 384 images" in " ".join(page.lower().split())


def test_numbers_measured_before_are_shown_as_they_are(run):
    model, _ = tfvae.load_run(run.directory)
    dataset = tfvae.data.from_arrays(*bars())
    evaluated = {
        "weights": encoding.fingerprint(model),
        "images": 77,
        "seed": 3,
        "symmetric": True,
        "metrics": {
            "mig": {
                "scores": {"mig": 0.625},
                "intervals": {"mig": [0.5, 0.75]},
            },
            "iwae": {"skipped": "It needs <images>."},
        },
    }
    write_json(run.metrics_file, {**run.metrics(), "evaluation": evaluated})
    page = report.write_report(run, model, dataset).read_text()
    for text in ("0.625", "0.5 to 0.75", "It needs &lt;images&gt;."):
        assert text in page
    # of other weights
    evaluation = {**evaluated, "weights": "0123456789abcdef"}
    write_json(run.metrics_file, {**run.metrics(), "evaluation": evaluation})
    assert "0.625" not in report.write_report(run, model, dataset).read_text()


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"latent_dim": 1}, "position_tuning"),
        ({"factors": False}, "latent_responses"),
    ],
    ids=["one latent", "images alone"],
)
def test_other_runs(options, missing, tmp_path):
    directory = finished_run(tmp_path / "it's <a> run", steps=4, **options)
    result = CliRunner().invoke(commands(), ["report", str(directory)])
    assert result.exception is None
    page = (directory / "report.html").read_text()
    assert "<h3>Traversals</h3>" in page
    assert f"{missing}: " in page
    assert "it&#39;s &lt;a&gt; run" in page
    assert "not finished" not in page


def test_the_page_of_an_unfinished_run_says_so(run, tmp_path):
    copy = Run(shutil.copytree(run.directory, tmp_path / "B"))
    copy.model_file.unlink()
    model, _ = tfvae.load_run(copy.directory)
    dataset = tfvae.data.from_arrays(*bars())
    page = report.write_report(copy, model, dataset).read_text()
    assert "This run is not finished" in page


def test_a_figure_of_no_section_comes_under_the_rest():
    pictures = dict.fromkeys(["kl_paths", "new_one"])
    sections = of_run._sections(pictures)
    assert len(sections["Training"]) == 1
    assert len(sections[of_run.REST]) == 1


def test_the_lines_that_serve_it_are_right(page, run, tmp_path, monkeypatch):
    """What the page tells the reader to type is typed here."""
    found = re.findall("<pre>(.*?)</pre>", page, re.DOTALL)
    blocks = [html.unescape(block) for block in found]
    [load] = [block for block in blocks if "load_run" in block]
    [serve] = [block for block in blocks if "export_saved_model" in block]
    [command] = [block for block in blocks if "-m export" in block]
    assert shlex.split(command)[3] == str(run.directory)
    monkeypatch.chdir(tmp_path)
    names = {"images": np.zeros([2, 32, 32, 1], np.float32)}
    exec(load, names)
    exec(serve, names)
    served = tf.saved_model.load(names["path"]).signatures["reconstruct"]
    image = tf.zeros([3, 32, 32, 1])
    reconstruction = served(image=image)["reconstruction"]
    np.testing.assert_allclose(
        reconstruction, names["model"].reconstruct(image), atol=1e-6
    )
