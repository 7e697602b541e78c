"""A SavedModel without Python's TensorFlow: its signatures, and C's answers."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow.core.protobuf import saved_model_pb2

Arrays = dict[str, np.ndarray]
C_LOADER = Path(__file__).with_name("c_loader.py")


class Question(NamedTuple):
    """What to ask a signature."""

    signature: str
    inputs: Arrays


def meta_graph(directory: Path) -> meta_graph_pb2.MetaGraphDef:
    """The one graph that the server loads."""
    content = (directory / "saved_model.pb").read_bytes()
    saved = saved_model_pb2.SavedModel.FromString(content)
    [graph] = saved.meta_graphs
    assert list(graph.meta_info_def.tags) == ["serve"]
    return graph


def signature_defs(directory: Path) -> dict:
    """Those of the server: without what initialises the graph."""
    found = dict(meta_graph(directory).signature_def)
    found.pop("__saved_model_init_op")
    return found


def ask_c(
    directory: Path, questions: list[Question], folder: Path
) -> list[Arrays | str]:
    """What a process without Python's TensorFlow answers: arrays, or an error.

    Args:
        directory: of the version.
        questions: for it.
        folder: for files on the way.
    """
    defs = signature_defs(directory)
    aliases = [sorted(defs[q.signature].outputs) for q in questions]
    by_tensor = [
        (
            {
                defs[question.signature].inputs[alias].name: array
                for alias, array in question.inputs.items()
            },
            [defs[question.signature].outputs[alias].name for alias in wanted],
        )
        for question, wanted in zip(questions, aliases, strict=True)
    ]
    (folder / "questions").write_bytes(pickle.dumps(by_tensor))
    subprocess.run(
        [sys.executable, C_LOADER, directory]
        + [folder / "questions", folder / "answers"],
        check=True,
        timeout=300,
    )
    answers = pickle.loads((folder / "answers").read_bytes())
    return [
        answer
        if isinstance(answer, str)
        else dict(zip(wanted, answer, strict=True))
        for wanted, answer in zip(aliases, answers, strict=True)
    ]
