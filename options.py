"""The command line of `train.py`: options made from what is registered."""

import dataclasses
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from params import PRECISIONS
from params import PRESETS
from params import Params
from params import preset
from tfvae import data
from tfvae import networks
from tfvae import objectives
from tfvae.commands import exits
from tfvae.likelihoods import LIKELIHOODS
from tfvae.registry import Registry
from tfvae.registry import required_fields

DEFAULT_PRESET = "quick-B"


@dataclasses.dataclass(frozen=True)
class Family:
    """Options that belong to one registered thing, such as --beta to H.

    Attributes:
        registry: whose classes' fields they are.
        prefix: before the field in the option.
    """

    registry: Registry
    prefix: str = ""

    def options(self) -> list[click.Option]:
        """One option for each field that any class has."""
        owners: dict[str, list[str]] = {}
        fields = {}
        for cls in self.registry.classes():
            for field in dataclasses.fields(cls):
                owners.setdefault(self.flag(field), []).append(cls.name)
                fields[self.flag(field)] = field
        return [
            click.Option(
                [flag, f"{self.prefix}{fields[flag].name}".replace("-", "_")],
                help=f"{self.registry.kind} {', '.join(names)}",
                **_form(fields[flag]),
            )
            for flag, names in owners.items()
        ]

    def flag(self, field: dataclasses.Field) -> str:
        """The option of a field, unless it has a `flag` of its own."""
        made = f"--{self.prefix}{field.name}".replace("_", "-")
        return field.metadata.get("flag", made)

    def chosen(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """The fields given for the class `name`.

        Raises:
            ValueError: if an option was given that the class does not have.
        """
        known = {f.name: f for f in dataclasses.fields(self.registry[name])}
        fields = {}
        for option in self.options():
            text = given.get(option.name)
            if text is None:
                continue
            field = option.name.removeprefix(self.prefix.replace("-", "_"))
            [flag] = option.opts
            if field not in known:
                flags = ", ".join(map(self.flag, known.values())) or "none"
                raise ValueError(
                    f"{self.registry.kind.capitalize()} {name} has no option "
                    f"{flag}; it has: {flags}. Received: {flag} {text}"
                )
            fields[field] = _converted(text, known[field].type, flag)
        return fields

    def check_complete(self, name: str, fields: dict[str, Any]) -> None:
        """Raise `ValueError` if a required field of `name` is missing."""
        needed = required_fields(self.registry[name])
        for field in dataclasses.fields(self.registry[name]):
            if field.name in needed and field.name not in fields:
                raise ValueError(
                    f"{self.registry.kind.capitalize()} {name} needs "
                    f"{self.flag(field)}. Received: none"
                )


OBJECTIVE = Family(objectives.OBJECTIVES)
LIKELIHOOD = Family(LIKELIHOODS)
DATA = Family(data.DATASETS, prefix="data-")


def _form(field: dataclasses.Field) -> dict[str, Any]:
    """How the option of a field is given: with a value, or by being there."""
    if field.type is bool:
        return {"is_flag": True, "default": None}
    return {"metavar": "VALUE"}


def _converted(text: Any, kind: Any, flag: str) -> Any:
    converters = {bool: bool, float: float, int: int, int | None: int}
    converter = converters.get(kind, str)
    try:
        return converter(text)
    except ValueError:
        raise ValueError(
            f"{flag} takes a number. Received: {flag} {text}"
        ) from None


def general() -> list[click.Option]:
    """The options that every run has."""
    names = {
        "--objective": objectives.names(),
        "--preset": PRESETS,
        "--dataset": data.names(),
        "--network": networks.names(),
        "--likelihood": LIKELIHOODS.names(),
        "--precision": PRECISIONS,
    }
    numbers = {
        "--latent-dim": int,
        "--learning-rate": float,
        "--final-learning-rate": float,
        "--batch-size": int,
        "--steps": int,
        "--seed": int,
    }
    return [
        *(
            click.Option([flag], metavar="NAME", help=", ".join(known))
            for flag, known in names.items()
        ),
        *(click.Option([flag], type=kind) for flag, kind in numbers.items()),
        click.Option(
            ["--devices"],
            metavar="NAMES",
            help="with commas, such as GPU:0,GPU:1; all GPUs by default",
        ),
        click.Option(
            ["--distribute"],
            type=click.Choice(["multiworker"]),
            help="train with the other processes that TF_CONFIG names",
        ),
        click.Option(
            ["--run-dir"],
            type=click.Path(path_type=Path),
            help="where the run is written; runs/<name> by default",
        ),
        click.Option(
            ["--resume"],
            is_flag=True,
            help="continue the run in --run-dir from its last checkpoint",
        ),
    ]


def params_of(given: dict[str, Any]) -> Params:
    """The parameters that command-line options ask for.

    The preset comes first; an objective other than the preset's starts from
    its own defaults; then every single option.

    Raises:
        ValueError: on a name, a value or a combination that does not exist.
    """
    params = preset(given.get("preset") or _default_preset(given))
    name = given.get("objective")
    if name and name != params.objective.name:
        params = replace(params, objective=objectives.get(name))
    changes = {
        field.name: given[field.name]
        for field in dataclasses.fields(Params)
        if field.name != "objective" and given.get(field.name) is not None
    }
    params = replace(params, **changes)
    data_options = params.data_options | DATA.chosen(params.dataset, given)
    DATA.check_complete(params.dataset, data_options)
    return replace(
        params,
        objective=replace(
            params.objective, **OBJECTIVE.chosen(params.objective.name, given)
        ),
        likelihood_options=params.likelihood_options
        | LIKELIHOOD.chosen(params.likelihood, given),
        data_options=data_options,
    )


def _default_preset(given: dict[str, Any]) -> str:
    name = f"quick-{given.get('objective')}"
    return name if name in PRESETS else DEFAULT_PRESET


def command_line() -> str:
    """What the user typed, as a shell takes it."""
    return shlex.join(["python", *sys.argv])


def run_command(
    program: str, function: Callable[[Params, Path | None, bool], int]
) -> None:
    """Parse the command line, call `function`, exit.

    Bad input and failing files end in one line on stderr and exit status 2.
    """
    families = OBJECTIVE, LIKELIHOOD, DATA
    command = click.Command(
        program,
        params=[*general(), *(o for f in families for o in f.options())],
        callback=lambda run_dir, resume, devices, distribute, **given: function(
            params_of(given), run_dir, resume, devices, distribute
        ),
        help="Train a disentangled variational autoencoder.",
    )
    exits.run(program, command)
