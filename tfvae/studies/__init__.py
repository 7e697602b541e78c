"""Studies: many runs of `train.py`, made and measured together."""

from tfvae.studies.processes import Processes
from tfvae.studies.stop import Stop
from tfvae.studies.study import Study
from tfvae.studies.sweeping import sweep
from tfvae.studies.view import View

__all__ = ["Processes", "Stop", "Study", "View", "sweep"]
