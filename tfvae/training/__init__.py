"""Runs: strategy, callbacks, checkpoints, directories."""
