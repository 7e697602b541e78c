"""In the way of the real one for who starts `python -m tfvae` here."""
