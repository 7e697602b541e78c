import shutil

import pytest
from click.testing import CliRunner

from tfvae.commands import commands
from tfvae.comparing import RunViews
from tfvae.report import of_runs
from tfvae.report import write_comparison


@pytest.fixture(scope="module")
def page(two_runs, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("comparison") / "page.html"
    assert write_comparison(RunViews(list(two_runs)), path) == path
    return path.read_text()


def test_what_differs_stands_side_by_side(page):
    for cell in ("<th>B</th><th>VAE</th>", "<td>0</td><td>1</td>"):
        assert cell in page


def test_only_settings_that_differ_are_shown():
    params = [{"steps": 5, "beta": 4.0}, {"steps": 5}, {"steps": 5}]
    assert of_runs.differences(params) == {"beta": ["4.0", "", ""]}


def test_numbers_and_metrics_of_each_run():
    table = of_runs._scores(
        [
            {
                "images": 5,
                "symmetric": True,
                "metrics": {
                    "mig": {
                        "scores": {"mig": 0.5},
                        "intervals": {"mig": [0, 1]},
                    }
                },
            },
            {},
        ]
    )
    assert table == {
        "images": ["5", ""],
        "symmetric": ["True", ""],
        "mig": ["0.5 (0 to 1)", ""],
    }


def test_a_name_with_dollars_is_no_formula(two_runs, tmp_path):
    copy = shutil.copytree(two_runs[0], tmp_path / "a$b^$<i>")
    views = RunViews([copy, two_runs[1]])
    page = write_comparison(views, tmp_path / "page.html").read_text()
    assert "<th>a$b^$&lt;i&gt;</th>" in page
    assert "could not be drawn" not in page


def test_every_comparison_is_drawn(page):
    assert page.count("data:image/png") == len(
        of_runs.figures.COMPARISONS.names()
    )


def test_the_command_writes_a_page_and_leaves_another_alone(two_runs, tmp_path):
    page = tmp_path / "new" / "page.html"
    arguments = ["compare", *map(str, two_runs), "--to", str(page)]
    result = CliRunner().invoke(commands(), arguments)
    assert result.exception is None
    assert f"wrote {page}" in result.output
    before = page.read_bytes()
    result = CliRunner().invoke(commands(), arguments)
    assert "give another with --to" in str(result.exception)
    assert page.read_bytes() == before
