"""The exported graph holds what the server has kernels for, and no more."""

import numpy as np
import tensorflow as tf

from tests.serving.loading import meta_graph
from tests.serving.loading import signature_defs
from tfvae.serving.signatures import signatures

PYTHON = {"PyFunc", "PyFuncStateless", "EagerPyFunc"}
INPUTS = {tf.float32, tf.uint8, tf.int32, tf.string}


def nodes(directory):
    graph = meta_graph(directory).graph_def
    yield from graph.node
    for function in graph.library.function:
        yield from function.node_def


def test_every_signature_is_there_as_the_server_wants_it(exported):
    defs = signature_defs(exported.directory)
    assert defs.keys() == signatures(exported.model).keys()
    for found in defs.values():
        assert found.method_name == "tensorflow/serving/predict"
        assert not {*found.inputs} & {*found.outputs}
        for info in [*found.inputs.values(), *found.outputs.values()]:
            assert info.tensor_shape.dim[0].size == -1
        for info in found.inputs.values():
            assert tf.as_dtype(info.dtype) in INPUTS
        for info in found.outputs.values():
            assert tf.as_dtype(info.dtype) == tf.float32


def test_nothing_needs_python_or_xla(exported):
    graph = meta_graph(exported.directory).graph_def
    for node in nodes(exported.directory):
        assert node.op not in PYTHON
        assert not node.attr["_XlaMustCompile"].b
    for function in graph.library.function:
        assert not function.attr["_XlaMustCompile"].b


def test_every_op_is_tensorflows_own(exported):
    graph = meta_graph(exported.directory).graph_def
    functions = {f.signature.name for f in graph.library.function}
    ops = {node.op for node in nodes(exported.directory)} - functions
    assert ops <= {*dir(tf.raw_ops)}


def test_no_draw_differs_from_call_to_call(exported):
    ops = {node.op for node in nodes(exported.directory)}
    assert not {op for op in ops if op.startswith("Random")}


def test_the_weights_of_the_networks_and_no_others(exported):
    model = exported.model
    expected = [*model.encoder.variables, *model.decoder.variables]
    if model.log_scale is not None:
        expected.append(model.log_scale)
    path = exported.directory / "variables" / "variables"
    reader = tf.train.load_checkpoint(str(path))
    shapes = reader.get_variable_to_shape_map()
    shapes.pop("_CHECKPOINTABLE_OBJECT_GRAPH")
    saved = sum(int(np.prod(shape)) for shape in shapes.values())
    assert saved == sum(int(np.prod(v.shape)) for v in expected)
