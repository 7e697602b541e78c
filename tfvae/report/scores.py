"""What `tfvae.metrics.evaluate` found, as rows of a table."""

from dataclasses import dataclass
from typing import Any

from tfvae import metrics
from tfvae.report import page


@dataclass(frozen=True)
class Score:
    """One number.

    Attributes:
        metric: where it is from.
        name: of the number; a metric may give several.
        value: the number, in words where it is none.
        interval: its 95% interval, or "".
    """

    metric: str
    name: str
    value: str
    interval: str

    @property
    def label(self) -> str:
        """The name, with its metric where that is another."""
        if self.name == self.metric:
            return self.name
        return f"{self.metric}: {self.name}"


def scores(evaluation: dict[str, Any]) -> list[Score]:
    """Every number of an evaluation; none of a metric that was skipped."""
    return [
        Score(name, score, number(value), _interval(measured, score))
        for name, measured in evaluation.get("metrics", {}).items()
        for score, value in measured.get("scores", {}).items()
    ]


def skipped(evaluation: dict[str, Any]) -> dict[str, str]:
    """Why each of the other metrics was not measured."""
    return {
        name: measured["skipped"]
        for name, measured in evaluation.get("metrics", {}).items()
        if "skipped" in measured
    }


def definitions(evaluation: dict[str, Any]) -> dict[str, str]:
    """What each measured metric is."""
    return {
        name: page.definition(metrics.METRICS[name])
        for name, measured in evaluation.get("metrics", {}).items()
        if "scores" in measured
    }


def number(value: float | None) -> str:
    """A score in four digits."""
    return "undefined" if value is None else f"{value:.4g}"


def _interval(measured: dict[str, Any], score: str) -> str:
    ends = measured["intervals"].get(score)
    return " to ".join(map(number, ends)) if ends else ""
