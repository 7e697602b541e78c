"""Names for everything a user can choose: name -> class."""

import dataclasses
import difflib
import importlib
import pkgutil
import typing
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

PLAIN = (type(None), bool, int, float, str)  # values that JSON has


def unknown_name(kind: str, name: object, known: Iterable[str]) -> ValueError:
    """The error for a name that does not exist, with the nearest that does.

    >>> print(unknown_name("network", "burges2018", ["burgess2018"]))
    Unknown network. Received: network='burges2018'. \
Did you mean 'burgess2018'? The known are: burgess2018.
    """
    known = sorted(known)
    nearest = difflib.get_close_matches(str(name), known, n=1, cutoff=0.4)
    hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
    return ValueError(
        f"Unknown {kind}. Received: {kind}={name!r}.{hint} "
        f"The known are: {', '.join(known)}."
    )


class Registry:
    """The classes of one kind, by name.

    >>> shapes = Registry("shape")
    >>> @shapes.register("circle")
    ... @dataclasses.dataclass(frozen=True)
    ... class Circle:
    ...     radius: float = 1.0
    >>> shapes.get("circle", radius=2.0)
    Circle(radius=2.0)
    """

    def __init__(self, kind: str):
        self.kind = kind
        self._classes: dict[str, Callable] = {}

    def register(self, name: str) -> Callable:
        """Class decorator that enters a class under `name`."""

        def enter(cls):
            cls.name = name
            self._classes[name] = cls
            return cls

        return enter

    def names(self) -> list[str]:
        """Every registered name, sorted."""
        return sorted(self._classes)

    def classes(self) -> list[Callable]:
        """Every registered class, in the order of the names."""
        return [self._classes[name] for name in self.names()]

    def __getitem__(self, name: str) -> Callable:
        """The class itself.

        Raises:
            ValueError: if there is no such name; it lists those there are.
        """
        if name not in self._classes:
            raise unknown_name(self.kind, name, self._classes)
        return self._classes[name]

    def get(self, identifier: Any, /, **fields: Any) -> Any:
        """An instance: from a name, from a config, or as it came.

        Args:
            identifier: a registered name, a dict as `config` writes it, or an
                instance of a registered class (or any object, returned as is).
            fields: keyword arguments of the class, when a name is given.

        Raises:
            ValueError: on an unknown name, a field the class does not have, or
                a value of another type.
        """
        if isinstance(identifier, dict):
            fields = {k: v for k, v in identifier.items() if k != "name"}
            identifier = identifier.get("name", "")
        if not isinstance(identifier, str):
            return identifier
        cls = self[identifier]
        _check_fields(cls, fields)
        return cls(**fields)


def config(instance: Any) -> dict[str, Any]:
    """A registered frozen dataclass as a JSON-ready dict with its name.

    Fields that are registered dataclasses themselves (schedules) nest.
    """
    cls = type(instance)
    if "name" not in vars(cls) or not dataclasses.is_dataclass(cls):
        raise ValueError(
            "Only registered classes can be saved; register yours under a "
            f"name. Received: {instance!r}"
        )
    fields = {
        f.name: getattr(instance, f.name) for f in dataclasses.fields(instance)
    }
    nested = {
        name: value if _is_plain(value) else config(value)
        for name, value in fields.items()
    }
    return {"name": cls.name, **nested}


def _check_fields(cls: type, fields: dict[str, Any]) -> None:
    known = [field.name for field in dataclasses.fields(cls)]
    for name in fields:
        if name not in known:
            raise unknown_name(f"field of {cls.name}", name, known)
    for name in required_fields(cls):
        if name not in fields:
            raise ValueError(f"{cls.name} needs `{name}`. Received: {fields}")
    for field in dataclasses.fields(cls):
        if field.name in fields:
            _check_type(cls, field, fields[field.name])


def _check_type(cls: type, field: dataclasses.Field, value: Any) -> None:
    """Refuse a value as JSON has them where another type is needed."""
    kinds = typing.get_args(field.type) or (field.type,)
    if not isinstance(value, (*PLAIN, list, dict)):
        return
    if any(kind not in PLAIN for kind in kinds):  # a schedule, for instance
        return
    if not isinstance(value, (*kinds, int) if float in kinds else kinds):
        wanted = " or ".join(sorted(kind.__name__ for kind in kinds))
        raise ValueError(
            f"`{field.name}` of {cls.name} must be of type {wanted}. "
            f"Received: {field.name}={value!r}"
        )


def required_fields(cls: type) -> list[str]:
    """The fields of a dataclass that have no default."""
    return [
        field.name
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]


def _is_plain(value: Any) -> bool:
    return isinstance(value, PLAIN)


def import_siblings(package: str, path: Iterable[str]) -> None:
    """Import every module of a package, so that what they register is known."""
    for module in pkgutil.iter_modules(path):
        importlib.import_module(f"{package}.{module.name}")
