"""Train a disentangled VAE: `python train.py --objective B`."""

import shlex
from pathlib import Path

import options
from params import Params
from tfvae import VAE
from tfvae import callbacks
from tfvae import data
from tfvae import evaluation
from tfvae import replicas
from tfvae.commands import exits
from tfvae.likelihoods import LIKELIHOODS
from tfvae.report import write_report
from tfvae.training import hosts
from tfvae.training import memory
from tfvae.training import optimizers
from tfvae.training import strategy
from tfvae.training.runs import Run
from tfvae.training.runs import default_directory

LOG_EVERY = 100  # steps
CHECKPOINT_EVERY = 1000  # steps; a multiple of LOG_EVERY
FIGURES_EVERY = 2500  # steps, or a twentieth of a longer run


def build(params: Params, dataset: data.Dataset) -> VAE:
    """A new model, compiled."""
    likelihood = LIKELIHOODS.get(params.likelihood, **params.likelihood_options)
    model = VAE(
        dataset.image_shape,
        params.latent_dim,
        params.network,
        likelihood,
        params.objective.for_dataset(dataset.size, params.batch_size),
        params.seed,
        dtype=params.precision,
    )
    learning_rate = optimizers.cosine(
        params.learning_rate, params.final_learning_rate, params.steps
    )
    model.compile(
        optimizers.make(
            params.optimizer, learning_rate, params.optimizer_options
        )
    )
    return model


def fit(
    params: Params,
    dataset: data.Dataset,
    run: Run,
    model: VAE,
    start: int,
) -> bool:
    """Train from step `start` to the end; whether the end was reached."""
    with (
        callbacks.Progress(params.batch_size, params.steps, start) as progress,
        callbacks.StopOnSignal() as stop,
    ):
        model.fit(
            hosts.batches(
                model.distribute_strategy,
                params.objective.seen(dataset),
                params.batch_size,
                params.seed,
                start,
            ),
            steps_per_epoch=params.steps - start,
            callbacks=[
                callbacks.NaNGuard(start_step=start),
                progress,
                callbacks.History(
                    run.history_file,
                    run.events,
                    LOG_EVERY,
                    start,
                    progress.show,
                ),
                callbacks.Checkpoint(run.checkpoints, CHECKPOINT_EVERY, start),
                callbacks.FigureWriter(
                    dataset,
                    run.figures,
                    every=max(FIGURES_EVERY, params.steps // 20),
                    start_step=start,
                    events=run.events,
                    warn=progress.console.print,
                ),
                callbacks.CollapseWarning(
                    dataset, start_step=start, warn=progress.console.print
                ),
                stop,
            ],
            shuffle=False,
            verbose=0,
        )
    run.checkpoints.save(model, progress.step)
    return progress.step == params.steps


def report(dataset: data.Dataset, run: Run, model: VAE) -> None:
    """Write the numbers and figures of a model, and say what came out."""
    measured = evaluation.measure(model, dataset)
    run.save_metrics({"dataset": repr(dataset), **measured})
    page = write_report(run, model, dataset)
    print(f"{dataset}: {evaluation.describe(measured)}")
    print(f"Look at {page}. Everything is in {run.directory}. In Python:")
    print(f"  model, params = tfvae.load_run({str(run.directory)!r})")
    typed = shlex.quote(str(run.directory))
    print(f"Next: tensorboard --logdir {typed}/events")
    print(f"or every metric: python -m tfvae evaluate {typed}")


def go_on(
    params: Params, dataset: data.Dataset, run: Run, model: VAE, start: int
) -> int:
    """From step `start` to the end of the run; the exit status."""
    devices = model.distribute_strategy
    where = f"{run.directory}, on {strategy.describe(devices)}"
    print(f"{where}: {params.objective}, from step {start:,}")
    if start < params.steps and not fit(params, dataset, run, model, start):
        if hosts.is_chief(devices):
            typed = shlex.quote(str(run.directory))
            print(f"Saved. To go on, add: --resume --run-dir {typed}")
        return exits.INTERRUPTED
    run.save_model(model)
    if hosts.is_chief(devices):
        report(dataset, run, model)
    replicas.on_any_host(False, devices)  # none leaves before the chief
    return 0


def train(
    params: Params,
    directory: Path | None,
    resume: bool,
    devices: str | None = None,
    distribute: str | None = None,
) -> int:
    """The whole story; the exit status."""
    strategy.make_deterministic(params.seed)
    chosen = strategy.choose(
        devices.split(",") if devices else (), distribute == "multiworker"
    )
    strategy.check_batch_size(params.batch_size, chosen)
    dataset = data.load(params.dataset, **params.data_options)
    with chosen.scope():  # bad input shows before anything is written
        model, start = build(params, params.objective.seen(dataset)), 0
    name = f"{params.objective.name}-{params.dataset}-seed{params.seed}"
    run = Run(directory or default_directory(Path("runs"), name, resume))
    if hosts.is_chief(chosen):
        described = {
            **params.to_json(),
            "command": options.command_line(),
            "fingerprint": dataset.fingerprint,
        }
        run.open(described, resume)
    if resume:
        with chosen.scope():
            model, start = run.checkpoints.restore() or (model, start)
    with (
        hosts.writing(run, chosen) as run,
        hosts.naming_lost_hosts(),
        memory.naming_the_batch(params.batch_size, dataset.image_shape),
    ):
        return go_on(params, dataset, run, model, start)


if __name__ == "__main__":
    options.run_command("train.py", train)
