"""`python -m tfvae explore RUN`."""

from pathlib import Path

import click

from tfvae.exploring.pictures import Pictures
from tfvae.training.runs import load_data
from tfvae.training.runs import load_run


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Default: 7860, or where that is taken any that is free.",
)
@click.option("--browser/--no-browser", default=True, help="Open one or not.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Images to encode, for the range and the KL of each latent.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def command(run, port, browser, sample, seed) -> None:
    """Move latents with sliders, in a page on this machine."""
    server = _server()
    with server.listen(port) as listener:
        model, params = load_run(run)
        dataset = load_data(params)

        def ready(address: str) -> None:
            click.echo(f"{address} (Ctrl-C ends it)")
            if browser:
                server.open_browser(address)

        pictures = Pictures(model, dataset, sample, seed)
        server.serve(pictures, run.resolve().name, listener, ready)


def _server():
    """Imported when it is needed: Gradio is an extra, and slow to import."""
    try:
        from tfvae.exploring import server
    except ModuleNotFoundError as error:
        if error.name != "gradio":
            raise
        raise ValueError(
            "The page needs Gradio: pip install 'tfvae[explore]'"
        ) from error
    return server
