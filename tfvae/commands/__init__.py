"""The commands of `python -m tfvae`: one file each, found by being here."""

import click

from tfvae.registry import import_siblings

import_siblings(__name__, __path__)


def commands() -> click.Group:
    """All of them; a module's command is the `click.Command` `command`."""
    group = click.Group(help="Disentangled variational autoencoders.")
    for name, module in sorted(globals().items()):
        if isinstance(getattr(module, "command", None), click.Command):
            group.add_command(module.command, name)
    return group
