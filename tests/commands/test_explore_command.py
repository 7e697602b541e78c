"""`python -m tfvae explore RUN`: the command, and its page in Chromium."""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tfvae
from tests.browsers import chromium
from tests.browsers import needs_chromium
from tests.runs import bars
from tfvae.commands import commands
from tfvae.commands import exits
from tfvae.training.runs import Run

ROOT = Path(__file__).parents[2]
# whatever the program and its libraries ask the network for
WATCH = """\
import os, sys
def note(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo"):
        with open(os.environ["WATCHED"], "a") as file:
            print(event, arguments[-1], file=file)
sys.addaudithook(note)
"""
CHANGED = """async before => {
    const picture = document.querySelector('.moved img');
    while (picture.src === before)
        await new Promise(requestAnimationFrame);
}"""


@pytest.fixture(scope="module")
def run(two_runs, tmp_path_factory) -> Path:
    """A run of three latents, the last of which is off."""
    run = Run(shutil.copytree(two_runs[0], tmp_path_factory.mktemp("a") / "B"))
    model, _ = tfvae.load_run(run.directory)
    for head in ("mean", "log_var"):
        layer = model.encoder.get_layer(head)
        layer.set_weights([w * [1, 1, 0] for w in layer.get_weights()])
    run.save_model(model)
    return run.directory


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> Path:
    """Where the server's connections are noted."""
    directory = tmp_path_factory.mktemp("watch")
    (directory / "sitecustomize.py").write_text(WATCH)
    return directory / "connections"


@pytest.fixture(scope="module")
def server(run, watched):
    """The program and its address; a proxy that is not there, as some
    environments have it, is in nobody's way."""
    command = [sys.executable, "-m", "tfvae", "explore", run, "--no-browser"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(watched.parent),
        "WATCHED": str(watched),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "GRADIO_SHARE": "True",
    }
    with subprocess.Popen(
        [*command, "--port", "0", "--sample", "300"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline()
        assert line.endswith("(Ctrl-C ends it)\n"), process.communicate()
        yield process, line.split()[0]
        process.kill()


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(server, browser):
    """The page; at the end, nothing went wrong and nobody else was asked."""
    page = browser.new_page(viewport={"width": 400, "height": 800})
    troubles, hosts = [], set()
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: hosts.add(re.split("[/:]+", asked.url)[1]))
    page.goto(server[1])
    page.wait_for_selector("input[type=range]")
    yield page
    page.close()
    assert troubles == []
    assert hosts <= {"127.0.0.1", "image"}  # data:image/png is no request


def slider(page, latent: int):
    return page.get_by_role("slider", name=f"z{latent} ")


def waited_for(page, action) -> None:
    """Do something and wait until the picture has followed."""
    before = page.locator(".moved img").get_attribute("src")
    action()
    page.evaluate(CHANGED, before)


def downloaded(page) -> Image.Image:
    with page.expect_download() as download:
        page.get_by_text("Download PNG").click()
    assert download.value.suggested_filename == "B.png"
    return Image.open(io.BytesIO(download.value.path().read_bytes()))


def start_at(page, number: int) -> None:
    field = page.get_by_label("Image, 0 to 383")
    waited_for(page, lambda: field.fill(str(number)))


def values(image: Image.Image) -> list[float]:
    return [float(value) for value in image.text["z"].split()]


@needs_chromium
def test_the_picture_is_what_the_model_decodes_from_the_sliders(page, run):
    start_at(page, 10)
    model, _ = tfvae.load_run(run)
    mean, _ = model.encode(bars()[0][[10]] / np.float32(255))
    z = values(downloaded(page))
    np.testing.assert_allclose(z, mean[0], atol=0.006)
    waited_for(page, lambda: slider(page, 1).fill("-1.5"))
    image = downloaded(page)
    assert values(image) == [z[0], -1.5, z[2]]
    [expected] = model.decode(np.float32([values(image)])).numpy()
    np.testing.assert_allclose(
        np.asarray(image), 255 * expected[..., 0], atol=1
    )


@needs_chromium
def test_reset_goes_back_and_another_image_on(page):
    start_at(page, 20)
    first = page.locator(".moved img").get_attribute("src")
    waited_for(page, lambda: slider(page, 0).fill("-0.5"))
    waited_for(page, page.get_by_role("button", name="Reset").click)
    assert page.locator(".moved img").get_attribute("src") == first
    waited_for(page, page.get_by_role("button", name="Another image").click)
    assert page.get_by_label("Image, 0 to 383").input_value() != "20"


@needs_chromium
def test_a_number_beyond_the_last_image_is_the_last(page):
    start_at(page, 9999)
    assert page.get_by_label("Image, 0 to 383").input_value() == "383"


@needs_chromium
def test_a_number_beyond_the_end_of_a_slider_is_its_end(page):
    field = page.get_by_role("spinbutton", name="z0 ")
    waited_for(page, lambda: field.fill("99"))
    highest = float(slider(page, 0).get_attribute("max"))
    assert values(downloaded(page))[0] == highest < 99


@needs_chromium
def test_inactive_latents_are_shown_when_asked_for(page):
    assert page.get_by_role("slider").count() == 2
    page.get_by_label("Show 1 inactive").check()
    slider(page, 2).wait_for()
    waited_for(page, lambda: slider(page, 2).fill("1"))
    assert values(downloaded(page))[2] == 1


@needs_chromium
def test_the_picture_stays_in_sight_of_the_last_slider(page):
    page.set_viewport_size({"width": 400, "height": 400})
    slider(page, 1).hover()
    page.mouse.wheel(0, 9999)
    page.wait_for_function("scrollY > 100")
    moved = page.locator(".moved img").bounding_box()
    assert 0 <= moved["y"] < 100


@needs_chromium
def test_it_fits_any_width_and_pixels_stay_sharp(page):
    moved = page.locator(".moved img")
    for width in (400, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert moved.bounding_box()["width"] > 5 * 32
    assert moved.evaluate("i => getComputedStyle(i).imageRendering") == (
        "pixelated"
    )


# the last one, since it ends the program
def test_ctrl_c_ends_it_and_nobody_else_was_asked(server, watched):
    process, _ = server
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")
    # urllib3, which Gradio imports, binds ::1 to see whether there is IPv6
    assert set(watched.read_text().splitlines()) <= {
        "socket.bind ('127.0.0.1', 0)",
        "socket.bind ('::1', 0)",
    }


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["nowhere"], "no run here"),
        (["{empty}"], "no checkpoint yet"),
        (["{run}", "--port", "{taken}"], "The port is taken"),
        (["{run}", "--port", "70000"], "--port"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    run, arguments, message, monkeypatch, capsys, tmp_path
):
    from tfvae.exploring.server import listen

    Run(tmp_path / "empty").open({"dataset": "npz"}, resume=False)
    with listen(0) as other:
        names = {
            "run": run,
            "empty": tmp_path / "empty",
            "taken": other.getsockname()[1],
        }
        given = [argument.format(**names) for argument in arguments]
        monkeypatch.setattr("sys.argv", ["tfvae", "explore", *given])
        with pytest.raises(SystemExit) as exit_:
            exits.run("tfvae", commands())
    assert exit_.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert message in line


def test_without_gradio_the_error_names_the_extra(monkeypatch, capsys, run):
    for name in list(sys.modules):
        if name.startswith("tfvae.exploring"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(tfvae.exploring, "server", raising=False)
    monkeypatch.setitem(sys.modules, "gradio", None)
    monkeypatch.setattr("sys.argv", ["tfvae", "explore", str(run)])
    with pytest.raises(SystemExit) as exit_:
        exits.run("tfvae", commands())
    assert exit_.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "pip install 'tfvae[explore]'" in line


def test_nothing_else_imports_gradio():
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tfvae", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0
    assert "explore" in process.stdout
    assert "tfvae.exploring.pictures" in process.stderr
    assert "gradio" not in process.stderr
