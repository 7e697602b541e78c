"""The stand-in refuses what TensorFlow Serving refuses, so that a wrong client
or page is found out."""

import pytest
import requests

Z = [0.0] * 10


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"instances": [Z], "signature_name": "none"}, "not found"),
        ({"instances": [Z], "signature_name": 3}, "must be a string"),
        ([Z], "Is not object"),
        ({"signature_name": "decode"}, "one of 'inputs' or 'instances'"),
        ({"instances": [Z], "inputs": [Z]}, "one of 'inputs' or 'instances'"),
        ({"signature_name": "decode", "instances": []}, "with values"),
        ({"signature_name": "decode", "instances": Z}, "expected shape"),
        ({"signature_name": "decode", "instances": [Z, [0.0]]}, "same shape"),
        ({"signature_name": "decode", "instances": [[True] * 10]}, "bool"),
        ({"signature_name": "decode", "instances": [["0"] * 10]}, "str"),
        ({"signature_name": "decode", "instances": [{"y": Z}]}, "keys must"),
        ({"signature_name": "decode", "inputs": [Z[1:]]}, "expected shape"),
        ({"signature_name": "decode", "inputs": [Z, [Z]]}, "unexpected size"),
        ({"signature_name": "decode", "inputs": {"y": [Z]}}, "Missing named"),
        ({"signature_name": "sample", "instances": [[0, 1.0]]}, "int32"),
        ({"signature_name": "traverse", "instances": [Z]}, "plain list"),
        ({"signature_name": "encode_png", "instances": ["text"]}, "image"),
        (
            {
                "signature_name": "traverse",
                "inputs": {"z": [Z], "dim": [10], "values": [[0.0]]},
            },
            "must be a latent",
        ),
    ],
)
def test_bodies_that_are_refused(rest_server, body, words):
    response = requests.post(
        f"{rest_server}/v1/models/vae:predict", json=body, timeout=30
    )
    assert response.status_code == 400
    assert words in response.json()["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("models/vae", 200),
        ("models/vae/labels/stable/metadata", 200),
        ("models/vae/versions/3", 404),
        ("models/other/metadata", 404),
        ("models/vae/labels/none", 400),
        ("models/vae:predict", 400),
        ("elsewhere", 400),
    ],
)
def test_paths(rest_server, path, status):
    answer = requests.get(f"{rest_server}/v1/{path}", timeout=30)
    assert answer.status_code == status
