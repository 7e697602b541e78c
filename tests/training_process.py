"""`train.py` that logs and saves so often that a short run shows it."""

import options
import train

if __name__ == "__main__":
    train.LOG_EVERY = 5
    train.CHECKPOINT_EVERY = 10
    train.FIGURES_EVERY = 100
    options.run_command("training_process.py", train.train)
