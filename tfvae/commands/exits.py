"""How every program of this package ends."""

import difflib
import re
import sys

import click
import tensorflow as tf

from tfvae.training.files import FILE_ERRORS

INTERRUPTED = 130  # exit status, as shells have it


def run(program: str, command: click.Command) -> None:
    """Parse the command line, do it, exit.

    Bad input and failing files end in one line on stderr and exit status 2.
    """
    try:
        sys.exit(command.main(prog_name=program, standalone_mode=False))
    except click.Abort:
        click.echo(f"{program}: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except click.NoSuchOption as error:
        message = _no_such_option(error, command)
    except click.ClickException as error:
        message = error.format_message()
    except (ValueError, *FILE_ERRORS) as error:
        message = " ".join(_told(error).split())
    click.echo(f"{program}: error: {message}", err=True)
    sys.exit(2)


def _told(error: Exception) -> str:
    """Of an error within a data pipeline, what was raised there: TensorFlow
    hands on the whole traceback."""
    raised = re.findall(r"^\w+Error: (.+)$", str(error), re.MULTILINE)
    if isinstance(error, tf.errors.OpError) and raised:
        return raised[-1]
    return str(error)


def _no_such_option(error: click.NoSuchOption, command: click.Command) -> str:
    command = error.ctx.command if error.ctx else command
    known = [flag for option in command.params for flag in option.opts]
    nearest = difflib.get_close_matches(error.option_name, known, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    return f"No such option. Received: {error.option_name}.{hint}"
