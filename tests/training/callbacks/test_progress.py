import io

import pytest
from rich.console import Console

import tfvae
from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import fit_with_a_nan
from tests.training.callbacks.fitting import new
from tfvae import callbacks
from tfvae.training.callbacks import progress as progress_module


@pytest.mark.parametrize("steps_per_execution", [1, 2])
def test_without_a_terminal_every_row_is_a_line(steps_per_execution, tmp_path):
    screen = io.StringIO()
    progress = callbacks.Progress(
        batch_size=4, steps=112, start_step=100, console=Console(file=screen)
    )
    history = callbacks.History(
        tmp_path / "history.csv", None, 4, 100, progress.show
    )
    fit(new(steps_per_execution), progress, history)
    lines = screen.getvalue().splitlines()
    assert [line.split(" ")[:2] for line in lines] == [
        ["step", f"{step}/112"] for step in (104, 108, 112)
    ]
    for line in lines:
        for name in (" left", " images/s", *tfvae.objectives.get("B").terms):
            assert name in line


def test_on_a_terminal_a_bar_reaches_its_end():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with callbacks.Progress(4, steps=12, console=console) as progress:
        fit(new(), progress)
    assert "12/12" in screen.getvalue()


def test_the_speed_is_that_of_the_steps(monkeypatch):
    clock = iter([10.0, 14.0, 20.0])
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: next(clock))
    progress = callbacks.Progress(batch_size=4, steps=23)
    assert progress.images_per_second == 0.0
    for batch in range(3):
        progress.on_train_batch_end(batch)
    assert progress.images_per_second == 2 * 4 / 10.0
    assert progress.seconds_left == 20 * 4 / 0.8


SHOW_CURSOR = "\x1b[?25h"


def test_the_cursor_comes_back_when_fit_fails():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with (
        pytest.raises(callbacks.NotANumber),
        callbacks.Progress(4, steps=12, console=console) as progress,
    ):
        fit_with_a_nan(new(), callbacks.NaNGuard(), progress, step=2)
    assert SHOW_CURSOR in screen.getvalue()
