"""What the REST and the gRPC client do; they add the protocol."""

import json
import sys
from pathlib import Path

import click
import numpy as np
import pictures
from served import Served


def encode(served: Served, path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each latent, `[D]`, of an image."""
    served.signature("encode_png")  # not there for 2 channels, say
    content = pictures.read_png(path, served.image_shape())
    outputs = served.call("encode_png", image_bytes=[content])
    return outputs["mean"][0], np.exp(outputs["log_var"][0] / 2)


def traverse(
    served: Served, z: np.ndarray, dim: int, values: np.ndarray
) -> np.ndarray:
    """Images `[N, H, W, C]` of z, `[D]`, with each of N values at `dim`."""
    if not 0 <= dim < len(z):
        raise click.ClickException(
            f"{served.model} has latents 0 to {len(z) - 1}. "
            f"Received: --traverse {dim}"
        )
    return served.call(
        "traverse",
        z=np.array([z], np.float32),
        dim=np.array([dim], np.int32),
        values=np.array([values], np.float32),
    )["images"][0]


def show_latents(
    mean: np.ndarray, deviation: np.ndarray, as_json: bool
) -> None:
    """Print the latents of an image."""
    latents = [
        {"latent": number, "mean": mean, "standard_deviation": deviation}
        for number, (mean, deviation) in enumerate(
            zip(mean.tolist(), deviation.tolist(), strict=True)
        )
    ]
    if as_json:
        click.echo(json.dumps(latents))
        return
    for latent in latents:
        click.echo(
            f"z{latent['latent']}: mean {latent['mean']:.4f}, "
            f"standard deviation {latent['standard_deviation']:.4f}"
        )


def draw_traversal(
    served: Served,
    image: Path | None,
    dim: int,
    to: Path,
    limit: float,
    steps: int,
) -> None:
    """Write a picture of a traversal, and say so."""
    if to.exists():
        raise click.ClickException(
            f"{to} exists already; give another name with --to"
        )
    z = encode(served, image)[0] if image else np.zeros(served.latent_dim())
    values = np.linspace(-limit, limit, steps)
    images = traverse(served, z, dim, values)
    pictures.write_new(pictures.row(images), to)
    click.echo(f"wrote {to}: z{dim} from {-limit:g} to {limit:g}")


def options(server: str) -> list[click.Option]:
    """What both command lines take; `server` is the default one."""
    file = click.Path(path_type=Path, dir_okay=False)
    return [
        click.Option(["--server"], default=server, help="where to ask"),
        click.Option(["--model"], default="vae", help="its name there"),
        click.Option(
            ["--version"],
            type=click.IntRange(0),
            help="a version by number; the newest if none is given",
        ),
        click.Option(["--label"], help="a version by name, such as stable"),
        click.Option(
            ["--timeout"],
            type=click.FloatRange(0, 3600, min_open=True),
            default=30.0,
            help="seconds to wait for an answer",
        ),
        click.Option(
            ["--image"],
            type=file,
            help="PNG file; prints its latents, or traverses from them",
        ),
        click.Option(
            ["--json", "as_json"], is_flag=True, help="print latents as JSON"
        ),
        click.Option(
            ["--traverse", "dim"],
            type=int,
            metavar="DIM",
            help="write a picture of what this latent changes",
        ),
        click.Option(
            ["--to"],
            type=file,
            default="traversal.png",
            help="the picture of --traverse",
        ),
        click.Option(
            ["--limit"],
            type=click.FloatRange(0, 100, min_open=True),
            default=3.0,
            help="traverse from -LIMIT to LIMIT",
        ),
        click.Option(
            ["--steps"],
            type=click.IntRange(2, 100),
            default=9,
            help="images in the picture",
        ),
    ]


def command(kind: type[Served], server: str) -> click.Command:
    """The command line of a client.

    Args:
        kind: how to reach a model.
        server: the default address.
    """

    def callback(image, as_json, dim, to, limit, steps, **where):
        if where["version"] is not None and where["label"] is not None:
            raise click.UsageError("Give --version or --label, not both.")
        if dim is not None and as_json:
            raise click.UsageError("--json is for latents, not --traverse.")
        if dim is not None:
            draw_traversal(kind(**where), image, dim, to, limit, steps)
        elif image is not None:
            show_latents(*encode(kind(**where), image), as_json)
        else:
            raise click.UsageError("Give --image, --traverse, or both.")

    return click.Command(
        None,
        params=options(server),
        callback=callback,
        context_settings={"show_default": True},
        help="Ask a served VAE for the latents of an image, or for a "
        "picture of what a latent changes.",
    )


def run(kind: type[Served], server: str) -> None:
    """Parse the command line, do it, exit.

    Whatever goes wrong ends in one line on stderr and exit status 2.
    """
    program = Path(sys.argv[0]).name
    try:
        sys.exit(
            command(kind, server).main(prog_name=program, standalone_mode=False)
        )
    except click.Abort:
        click.echo(f"{program}: interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        message = error.format_message()
    except OSError as error:
        message = str(error)
    click.echo(f"{program}: error: {' '.join(message.split())}", err=True)
    sys.exit(2)
