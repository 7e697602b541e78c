"""What a sweep needs of `python -m tfvae evaluate`, without TensorFlow."""

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    _, command, directory, option, names = sys.argv
    file = Path(directory) / "metrics.json"
    metrics = {
        name: {"scores": {name: 0.5}, "intervals": {name: [0.25, 0.75]}}
        for name in names.split(",")
    }
    content = {**json.loads(file.read_text())}
    file.write_text(json.dumps({**content, "evaluation": {"metrics": metrics}}))
