import pytest

from tfvae.training import rows


def test_rows_stand_below_one_header(tmp_path):
    file = tmp_path / "new" / "rows.csv"
    for step in (1, 2):
        rows.append({"step": step, "kl/0": step / 4}, file)
    assert file.read_text() == "step,kl/0\n1,0.25\n2,0.5\n"


@pytest.mark.parametrize("names", ["nll", "loss,nll", "nll,loss,kl"])
def test_a_row_of_other_columns_is_refused(names, tmp_path):
    file = tmp_path / "rows.csv"
    rows.append({"step": 1, "nll": 0.5, "loss": 2.0}, file)
    before = file.read_text()
    row = {"step": 2, **dict.fromkeys(names.split(","), 0.0)}
    with pytest.raises(ValueError, match="other columns.*Received: step, "):
        rows.append(row, file)
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("step", "kept"),
    [(0, ""), (1, "step,a\n1,0\n"), (9, "step,a\n1,0\n5,0\n9,0\n")],
)
def test_rows_after_a_step_go_with_half_a_row_of_a_kill(step, kept, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("step,a\n1,0\n5,0\n9,0\n1")
    rows.keep_until(file, step)
    assert file.read_text() == kept


def test_no_file_stays_no_file(tmp_path):
    rows.keep_until(tmp_path / "rows.csv", 3)
    assert not [*tmp_path.iterdir()]
