"""`python -m tfvae sweep` where another `tfvae` is in the directory."""

from tfvae.commands import commands
from tfvae.commands import exits

if __name__ == "__main__":
    exits.run("tfvae", commands())
