"""The clients as processes: nothing of this project on their path."""

import numpy as np
from PIL import Image

from tests.export.asking import asked
from tests.export.pages import EXPORT
from tests.export.pages import png


def test_a_traversal(protocol, servers, tmp_path, pixels):
    (tmp_path / "picture.png").write_bytes(png(pixels))
    run = asked(
        protocol,
        servers[protocol],
        *("--image", "picture.png", "--traverse", 3),
        directory=tmp_path,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "wrote traversal.png: z3 from -3 to 3\n"
    assert np.array(Image.open(tmp_path / "traversal.png")).shape == (68, 612)


def test_a_refusal_is_one_line(servers, tmp_path):
    run = asked("rest", servers["rest"], "--traverse", 10, directory=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("rest_client.py: error: vae has latents 0")
    assert run.stderr.count("\n") == 1


def test_clients_do_not_need_tfvae():
    for path in EXPORT.glob("*.py"):
        if path.name != "__main__.py":
            assert "import tfvae" not in path.read_text()
            assert "from tfvae" not in path.read_text()
