"""What a run costs beside its steps: start-up time and peak memory.

Times whole processes: `import tensorflow` alone, then `train.py` to its first
step, in turns; and reads the peak memory of a short run.

Run: python benchmarks/run_costs.py [--rounds 3]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIRST_STEP = """
import sys
sys.argv = ["train.py", "--steps", "1", "--run-dir", {directory!r}]
import options, train
from tfvae import callbacks

class Leave(callbacks.NaNGuard):
    def on_step(self, step, logs):
        import os
        float(logs["loss"])
        os._exit(0)

callbacks.NaNGuard = Leave
options.run_command("train.py", train.train)
"""


def seconds_of(code: str) -> float:
    """Of a Python process from start to exit."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def peak_gigabytes(directory: str) -> float:
    """Of a run of 200 steps with its evaluation."""
    process = subprocess.Popen(
        [sys.executable, "train.py", "--steps", "200", "--run-dir", directory],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"train.py ended with status {status}")
    return usage.ru_maxrss * 1024 / 1e9


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    imports, firsts = [], []
    with tempfile.TemporaryDirectory() as directory:
        for number in range(rounds):
            imports.append(seconds_of("import tensorflow"))
            code = FIRST_STEP.format(directory=f"{directory}/{number}")
            firsts.append(seconds_of(code))
        peak = peak_gigabytes(f"{directory}/memory")
    extra = [b - a for a, b in zip(imports, firsts, strict=True)]
    print(
        f"import tensorflow {statistics.median(imports):.1f} s; to the end of "
        f"the first step {statistics.median(firsts):.1f} s, which is "
        f"{statistics.median(extra):.1f} s more; peak memory {peak:.2f} GB"
    )


if __name__ == "__main__":
    main()
