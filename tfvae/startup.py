"""TensorFlow imported without its start-up notices."""

import contextlib
import os
import re
import sys
import tempfile

# what TensorFlow writes to stderr from C++ before any log level applies
NOTICES = re.compile(
    r"^(WARNING: All log messages before absl::InitializeLog"
    r"|I0000 "
    r"|E0000 .*failed call to cuInit: INTERNAL: CUDA error: Failed call to "
    r"cuInit: UNKNOWN ERROR \(303\)"  # there is no driver, hence no GPU
    r"|To enable the following instructions:)"
)


@contextlib.contextmanager
def without_notices():
    """Drop TensorFlow's start-up notices from stderr; all else passes.

    What is written to stderr meanwhile appears at the end.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    if sys.stderr is None:
        yield
        return
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as captured:
        os.dup2(captured.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            captured.seek(0)
            for line in captured.read().decode(errors="replace").splitlines():
                if not NOTICES.match(line):
                    print(line, file=sys.stderr)


if "tensorflow" not in sys.modules:
    with without_notices():
        import tensorflow as tf
        import tensorflow_probability.python.distributions  # noqa: F401  for its notices

        tf.config.list_physical_devices()  # it has notices of its own
