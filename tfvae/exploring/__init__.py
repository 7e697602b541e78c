"""A page where sliders move the latents of a model."""
