"""Both clients, in this process, against stand-ins for the server."""

import json

import client
import numpy as np
import pytest
from grpc_client import GrpcModel
from PIL import Image

from tests.export.pages import png


@pytest.fixture
def picture(tmp_path, pixels):
    path = tmp_path / "picture.png"
    path.write_bytes(png(pixels))
    return path


@pytest.fixture
def refused(ask):
    """What a client says when it refuses, in one line and with status 2."""

    def run(*arguments) -> str:
        code, out, err = ask(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("asking: error: ")
        assert err.count("\n") == 1
        return err

    return run


def posterior(model, pixels):
    mean, log_var = model.encode(pixels[None].astype("float32") / 255)
    return np.array(mean)[0], np.exp(np.array(log_var)[0] / 2)


def test_latents_of_an_image(ask, picture, model, pixels):
    code, out, err = ask("--image", picture, "--json")
    assert (code, err) == (None, "")
    latents = json.loads(out)
    mean, deviation = posterior(model, pixels)
    assert [latent["latent"] for latent in latents] == list(range(10))
    seen = [latent["mean"] for latent in latents]
    np.testing.assert_allclose(seen, mean, rtol=1e-4, atol=1e-6)
    seen = [latent["standard_deviation"] for latent in latents]
    np.testing.assert_allclose(seen, deviation, rtol=1e-4)


def test_latents_as_text(ask, picture, model, pixels):
    lines = ask("--image", picture)[1].splitlines()
    mean, deviation = posterior(model, pixels)
    assert len(lines) == 10
    assert lines[3] == (
        f"z3: mean {mean[3]:.4f}, standard deviation {deviation[3]:.4f}"
    )


@pytest.mark.parametrize("from_image", [True, False])
def test_a_traversal(ask, picture, model, pixels, tmp_path, from_image):
    to = tmp_path / "row.png"
    start = ["--image", picture] if from_image else []
    code, out, err = ask(
        *start, "--traverse", 4, "--to", to, "--limit", 2, "--steps", 3
    )
    assert (code, err) == (None, "")
    assert out == f"wrote {to}: z4 from -2 to 2\n"
    z = posterior(model, pixels)[0] if from_image else np.zeros(10)
    z = np.tile(z, [3, 1])
    z[:, 4] = -2, 0, 2
    images = np.array(model.decode(z.astype("float32")))[:, :, :, 0]
    row = np.array(Image.open(to))
    assert row.shape == (68, 3 * 68)
    for number, image in enumerate(images):
        part = row[:, 68 * number : 68 * (number + 1)]
        off = np.abs(part[2:-2, 2:-2] - 255 * image)
        assert off.max() < 0.51  # rounded
        part[2:-2, 2:-2] = 255
        assert (part == 255).all()


def test_an_answer_above_what_grpc_takes_by_itself(grpc_server):
    """It is 4 MiB."""
    served = GrpcModel(grpc_server, "vae", None, None, 30)
    images = client.traverse(served, np.zeros(10), 0, np.zeros(300))
    assert images.nbytes > 4 * 2**20


@pytest.mark.parametrize(
    ("arguments", "version"),
    [
        ([], 2),
        (["--version", 1], 1),
        (["--label", "stable"], 1),
        (["--label", "canary"], 2),
    ],
)
def test_the_version_asked_is_the_version_meant(
    ask, picture, models, arguments, version
):
    models.asked.clear()
    assert ask("--image", picture, *arguments)[0] is None
    assert set(models.asked) == {version}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Give --image, --traverse, or both"),
        (["--image", "x", "--label", "a", "--version", 1], "not both"),
        (["--traverse", 1, "--json"], "--json"),
        (["--traverse", 10], "latents 0 to 9. Received: --traverse 10"),
        (["--traverse", -1], "Received: --traverse -1"),
        (["--traverse", "one"], "'one' is not a valid integer"),
        (["--traverse", 1, "--limit", 0], "0.0 is not in the range"),
        (["--traverse", 1, "--steps", 1], "1 is not in the range"),
        (["--traverse", 1, "--to", "no/such/row.png"], "no/such/row.png"),
        (["--traverse", 1, "--model", "a b/c"], "Servable not found"),
        (["--traverse", 1, "--version", 7], "Servable not found"),
        (["--traverse", 1, "--label", "best"], "version label: best"),
        (["--image", "none.png"], "none.png"),
        (["--sevrer", "x"], "Did you mean '--server'?"),
    ],
)
def test_what_is_refused(refused, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert words in refused(*arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_is_not_overwritten(refused, tmp_path, models):
    models.asked.clear()
    to = tmp_path / "traversal.png"
    to.write_text("mine")
    assert "exists already" in refused("--traverse", 1, "--to", to)
    assert (to.read_text(), models.asked) == ("mine", [])


def file_of(mode, size=(64, 64), kind="PNG"):
    def write(path):
        Image.new(mode, size).save(path, kind)

    return write


def cut(path):
    noise = np.random.default_rng(0).integers(0, 256, [64, 64], np.uint8)
    path.write_bytes(png(noise)[:2000])


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (file_of("L", (32, 64)), "32 x 64 pixels, 8-bit greyscale"),
        (file_of("RGB"), "8-bit RGB"),
        (file_of("RGBA"), "8-bit RGBA"),
        (file_of("LA"), "8-bit LA"),
        (file_of("P"), "palette"),
        (file_of("1"), "1-bit 1"),
        (file_of("I;16"), "16-bit greyscale"),
        (file_of("1", (15_000, 15_000)), "225000000 pixels"),
        (file_of("L", kind="JPEG"), "not a PNG file"),
        (lambda path: path.write_text("hello"), "not a PNG file"),
        (cut, "not a PNG file"),
    ],
)
def test_images_that_do_not_fit(refused, tmp_path, models, write, words):
    path = tmp_path / "picture.png"
    write(path)
    models.asked.clear()
    error = refused("--image", path)
    assert words in error
    assert str(path) in error
    assert len(models.asked) == 1  # for the model's metadata


def test_no_server(refused, protocol):
    scheme = "http://" if protocol == "rest" else ""
    error = refused("--traverse", 1, "--server", f"{scheme}127.0.0.1:1")
    assert "127.0.0.1:1" in error


def test_an_address_of_the_other_protocol(refused, protocol, servers):
    other = servers["grpc" if protocol == "rest" else "rest"]
    assert f"Received: --server {other}" in refused(
        "--traverse", 1, "--server", other
    )


def test_a_server_that_does_not_answer(refused, protocol, silent_port):
    scheme = "http://" if protocol == "rest" else ""
    server = f"{scheme}127.0.0.1:{silent_port}"
    error = refused("--traverse", 1, "--server", server, "--timeout", 0.2)
    assert f"{server} did not answer within 0.2 seconds" in error


def test_what_the_server_refuses(refused, tmp_path, pixels):
    """A file without its end: Pillow reads it, TensorFlow does not."""
    path = tmp_path / "picture.png"
    path.write_bytes(png(pixels)[:-12])
    error = refused("--image", path)
    assert "answered" in error
    assert "PNG" in error


def test_a_model_of_somebody_else(refused, picture, models, monkeypatch):
    servable = models.servables[2]
    others = {"predict": servable.definitions["encode"]}
    monkeypatch.setattr(servable, "definitions", others)
    error = refused("--image", picture)
    assert "vae has no signature encode" in error
    assert "It has: predict" in error


def test_numbers_that_are_none(refused, picture, models, monkeypatch):
    """NaN goes over both protocols, and is no latent."""
    run = models.servables[2].run

    def broken(name, inputs):
        return {k: v * np.float32("nan") for k, v in run(name, inputs).items()}

    monkeypatch.setattr(models.servables[2], "run", broken)
    assert "without numbers" in refused("--image", picture)
