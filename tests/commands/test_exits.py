import click
import numpy as np
import pytest
import tensorflow as tf

from tests.runs import finished_run
from tfvae.commands import commands
from tfvae.commands import exits


def line_of(command: click.Command, arguments, monkeypatch, capsys) -> str:
    """The one line on stderr with which a program ends."""
    monkeypatch.setattr("sys.argv", ["tfvae", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        exits.run("tfvae", command)
    assert end.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_an_error_within_a_data_pipeline_is_its_own_line(monkeypatch, capsys):
    def refuse(number):
        raise ValueError(f"No image {number}.")

    @click.command()
    def read():
        numbers = tf.data.Dataset.range(3, 5)
        list(numbers.map(lambda n: tf.numpy_function(refuse, [n], tf.int64)))

    line = line_of(read, [], monkeypatch, capsys)
    assert line == "tfvae: error: No image 3."


@pytest.mark.parametrize(
    "command", ["evaluate", "report", "figures", "compare"]
)
def test_a_run_whose_images_have_changed_is_refused(
    command, tmp_path, monkeypatch, capsys
):
    run = finished_run(tmp_path / "run", steps=2)
    [file] = tmp_path.glob("*.npz")
    np.savez(file, images=np.zeros([2, 32, 32, 1], np.uint8))
    before = {path: path.read_bytes() for path in run.glob("*.*")}
    to = ["--to", tmp_path / "page.html"] if command == "compare" else []
    arguments = [command, run, *to]
    line = line_of(commands(), arguments, monkeypatch, capsys)
    assert "not those that the run was trained on" in line
    assert file.name in line
    assert {path: path.read_bytes() for path in run.glob("*.*")} == before
