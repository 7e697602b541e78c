"""What export/README.md prints is so."""

import json
import re
import shutil
import subprocess

import client
import pytest
from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

from tests.export.asking import answered
from tests.export.models import signature_definitions
from tests.export.pages import EXPORT
from tests.export.pages import README
from tests.export.pages import blocks
from tests.export.pages import bodies
from tests.export.pages import shapes


@pytest.mark.parametrize(("body", "answer"), bodies())
def test_a_body_is_answered_as_printed(rest_server, pixels, body, answer):
    url = f"{rest_server}/v1/models/vae:predict"
    assert answered(url, body, pixels) == json.loads(answer)


def test_every_signature_is_on_the_page(exported):
    named = set(re.findall(r'"signature_name": "(\w+)"', README))
    known = signature_definitions(exported / "1").keys()
    assert named == known - {"serving_default", "__saved_model_init_op"}


def test_the_python_example(grpc_server):
    [code] = blocks("python")
    names = {}
    exec(code.replace("localhost:8500", grpc_server), names)
    assert names["image"].shape == (1, 64, 64, 1)
    names["channel"].close()


def test_the_labels_of_the_example_are_on_served_versions():
    [text] = blocks("textproto")
    config = text_format.Parse(text, model_server_config_pb2.ModelConfig())
    served = config.model_version_policy.specific.versions
    assert set(config.version_labels.values()) == set(served) == {1, 2}


def test_links_lead_somewhere():
    headings = re.findall(r"^## (.*)$", README, re.M)
    anchors = {"#" + h.lower().replace(" ", "-") for h in headings}
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target in anchors or (EXPORT / target).exists(), target
    for path in re.findall(r"(?:tests/)?export/\w+\.\w+", README):
        assert (EXPORT.parent / path).exists(), path


def test_the_commands_have_options_that_exist():
    known = {flag for option in client.options("") for flag in option.opts}
    used = re.findall(r"_client\.py(.*)", "".join(blocks("sh")))
    assert len(used) == 5
    for line in used:
        assert set(re.findall(r"--\w+", line)) <= known


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl")
def test_the_call_with_curl(rest_server, tmp_path):
    [call] = re.findall(r"^curl .*?:predict$", README, re.M | re.S)
    run = subprocess.run(
        call.replace("http://localhost:8501", rest_server),
        shell=True,
        capture_output=True,
        timeout=30,
    )
    assert shapes(json.loads(run.stdout)) == {
        "predictions": [{"image": [64, 64, 1], "z": [10]}]
    }
