"""One self-contained page a run, or for several runs side by side."""

from tfvae.report.of_run import write_report
from tfvae.report.of_runs import write_comparison

__all__ = ["write_comparison", "write_report"]
