"""Studies as YAML files describe them."""

import pytest

from tfvae.studies import Study

GRID = """
fixed:
  dataset: dsprites
  learning_rate: 1e-3
grid:
  - objective: [H, TC]
    seed: [0, 1]
    beta: 4
  - seed: 0
    objective: B
    gamma: [10, "0:100:5000"]
metrics: mig, dci
"""


@pytest.fixture
def read(tmp_path):
    def read(text: str) -> Study:
        file = tmp_path / "study.yaml"
        file.write_text(text)
        return Study.read(file)

    return read


def test_blocks_are_products_one_after_the_other(read):
    study = read(GRID)
    assert [*study.runs] == [
        "H_beta-4_seed-0",
        "H_beta-4_seed-1",
        "TC_beta-4_seed-0",
        "TC_beta-4_seed-1",
        "B_gamma-10_seed-0",
        "B_gamma-0-100-5000_seed-0",
    ]
    assert study.runs["TC_beta-4_seed-1"] == {
        "dataset": "dsprites",
        "learning-rate": "1e-3",
        "objective": "TC",
        "beta": 4,
        "seed": 1,
    }
    assert study.runs["B_gamma-0-100-5000_seed-0"]["gamma"] == "0:100:5000"
    assert study.varied == ("objective", "beta", "gamma", "seed")
    assert study.metrics == "mig,dci"


def test_names_stay_when_a_study_is_reordered_or_grows(read):
    small = read("grid: [{beta: [4], seed: [0], objective: [H]}]")
    grown = read("grid: [{objective: [B, H], beta: [2, 4], seed: [0, 1]}]")
    assert {*small.runs} < {*grown.runs}


def test_a_value_that_is_a_path_gives_a_name_that_is_none(read):
    study = read("grid: [{data_path: ../my images/a.npz, seed: 0}]")
    assert [*study.runs] == ["data-path-..-my-images-a.npz_seed-0"]


def test_what_is_fast_is_measured_if_nothing_is_said(read):
    assert read("grid: [{seed: 0}]").metrics == "fast"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a study must be a mapping. Received: None"),
        ("- 1", "a study must be a mapping"),
        ("grids: []", "Unknown key. Received: key='grids'. Did you mean"),
        ("fixed: {seed: 0}", "grid must be a list of blocks. Received: None"),
        ("grid: []", "grid must be a list of blocks"),
        ("grid: {seed: 0}", "grid must be a list of blocks"),
        ("grid: [{}]", "grid[0] must have options"),
        ("grid: [{seed: 0}, 1]", "grid[1] must be a mapping. Received: 1"),
        ("grid: [{seed: []}]", "grid[0].seed must have values"),
        ("grid: [{seed: [[0]]}]", "grid[0].seed must be a text, a number"),
        ("grid: [{seed: }]", "true or false. Received: None"),
        ("grid: [{seed: [0, 0]}]", "two runs of one name. Received: seed-0"),
        ("grid: [{seed: 0}, {seed: 0}]", "two runs of one name"),
        ("grid: [{run_dir: a}]", "grid[0].run_dir is what the sweep itself"),
        ("{fixed: {resume: true}, grid: [{seed: 0}]}", "fixed.resume"),
        ("{fixed: {seed: [0, 1]}, grid: [{beta: 1}]}", "fixed.seed must be"),
        (
            "{fixed: {seed: 0}, grid: [{seed: 1}]}",
            "grid[0].seed is given under",
        ),
        ("{grid: [{seed: 0}], metrics: migg}", "metrics: Unknown metric"),
        ("{grid: [{seed: 0}], metrics: []}", "metrics: Unknown metric"),
        ("grid: [{a_b: 1, a-b: 2}]", "grid[0].a-b is given twice"),
        ("grid: [", "is no YAML: "),
    ],
)
def test_what_is_no_study_is_refused(text, message, read):
    with pytest.raises(ValueError, match="study.yaml") as error:
        read(text)
    assert message in str(error.value)
