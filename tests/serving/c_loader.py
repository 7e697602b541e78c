"""Run a SavedModel by TensorFlow's C library alone, as its server does.

`python c_loader.py DIRECTORY QUESTIONS ANSWERS`, without `import tensorflow`.
QUESTIONS is a pickled list of (inputs, outputs): arrays by the name of a
tensor, and names of tensors. ANSWERS becomes a pickled list of, for each, a
list of arrays, or the error as a string.
"""

import ctypes
import importlib.util
import pickle
import sys
from pathlib import Path

import numpy as np

FLOAT, INT32, UINT8, STRING = 1, 3, 4, 7  # TF_DataType
TYPES = {"f4": FLOAT, "i4": INT32, "u1": UINT8}
ARRAYS = {FLOAT: np.float32, INT32: np.int32, UINT8: np.uint8}
STRING_SIZE = 24  # of a TF_TString

package = Path(importlib.util.find_spec("tensorflow").origin).parent
core = ctypes.CDLL(
    str(package / "libtensorflow_framework.so.2"), ctypes.RTLD_GLOBAL
)
api = ctypes.CDLL(str(package / "libtensorflow_cc.so.2"), ctypes.RTLD_GLOBAL)

for name in (
    "TF_NewStatus",
    "TF_NewGraph",
    "TF_NewSessionOptions",
    "TF_LoadSessionFromSavedModel",
    "TF_GraphOperationByName",
    "TF_AllocateTensor",
    "TF_TensorData",
):
    getattr(api, name).restype = ctypes.c_void_p
api.TF_Message.restype = ctypes.c_char_p
api.TF_Dim.restype = ctypes.c_int64
api.TF_TensorByteSize.restype = ctypes.c_size_t


class Output(ctypes.Structure):
    """TF_Output: one output of an operation."""

    _fields_ = [("operation", ctypes.c_void_p), ("index", ctypes.c_int)]


class Model:
    """A SavedModel in a session of its own."""

    def __init__(self, directory: str):
        api._ZN10tensorflow21DisableXlaCompilationEv()  # the server has it off
        self.graph = pointer(api.TF_NewGraph())
        status = new_status()
        self.session = pointer(
            api.TF_LoadSessionFromSavedModel(
                pointer(api.TF_NewSessionOptions()),
                None,
                directory.encode(),
                (ctypes.c_char_p * 1)(b"serve"),
                1,
                self.graph,
                None,
                status,
            )
        )
        check(status)

    def run(self, inputs: dict, outputs: list[str]) -> list[np.ndarray]:
        fed = (Output * len(inputs))(*map(self.output, inputs))
        fetched = (Output * len(outputs))(*map(self.output, outputs))
        values = [to_tensor(array) for array in inputs.values()]
        results = (ctypes.c_void_p * len(outputs))()
        status = new_status()
        api.TF_SessionRun(
            self.session,
            None,
            fed,
            (ctypes.c_void_p * len(values))(*(v.value for v in values)),
            len(values),
            fetched,
            results,
            len(results),
            None,
            0,
            None,
            status,
        )
        check(status)
        return [to_array(pointer(result)) for result in results]

    def output(self, name: str) -> Output:
        operation, _, index = name.partition(":")
        found = api.TF_GraphOperationByName(self.graph, operation.encode())
        return Output(found, int(index))


def pointer(address: int) -> ctypes.c_void_p:
    return ctypes.c_void_p(address)


def new_status() -> ctypes.c_void_p:
    return pointer(api.TF_NewStatus())


def check(status: ctypes.c_void_p) -> None:
    if api.TF_GetCode(status):
        raise RuntimeError(api.TF_Message(status).decode())


def to_tensor(array: np.ndarray) -> ctypes.c_void_p:
    if array.dtype.kind == "O":
        return to_strings(array)
    array = np.ascontiguousarray(array)
    tensor = allocate(TYPES[array.dtype.str[1:]], array.shape, array.nbytes)
    data = api.TF_TensorData(tensor)
    ctypes.memmove(data, array.ctypes.data, array.nbytes)
    return tensor


def to_strings(array: np.ndarray) -> ctypes.c_void_p:
    tensor = allocate(STRING, array.shape, STRING_SIZE * array.size)
    start = api.TF_TensorData(tensor)
    for number, content in enumerate(array.ravel().tolist()):
        string = pointer(start + STRING_SIZE * number)
        api.TF_StringInit(string)
        api.TF_StringCopy(string, content, ctypes.c_size_t(len(content)))
    return tensor


def allocate(kind: int, shape: tuple[int, ...], size: int) -> ctypes.c_void_p:
    sides = (ctypes.c_int64 * len(shape))(*shape)
    return pointer(
        api.TF_AllocateTensor(kind, sides, len(shape), ctypes.c_size_t(size))
    )


def to_array(tensor: ctypes.c_void_p) -> np.ndarray:
    shape = [api.TF_Dim(tensor, n) for n in range(api.TF_NumDims(tensor))]
    size = api.TF_TensorByteSize(tensor)
    content = ctypes.string_at(api.TF_TensorData(tensor), size)
    return np.frombuffer(content, ARRAYS[api.TF_TensorType(tensor)]).reshape(
        shape
    )


def answer(model: Model, inputs: dict, outputs: list[str]):
    try:
        return model.run(inputs, outputs)
    except RuntimeError as error:
        return str(error)


if __name__ == "__main__":
    model = Model(sys.argv[1])
    questions = pickle.loads(Path(sys.argv[2]).read_bytes())
    answers = [answer(model, *question) for question in questions]
    assert "tensorflow" not in sys.modules
    Path(sys.argv[3]).write_bytes(pickle.dumps(answers))
