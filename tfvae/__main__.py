"""`python -m tfvae COMMAND`."""

from tfvae.commands import commands
from tfvae.commands import exits

if __name__ == "__main__":
    exits.run("tfvae", commands())
