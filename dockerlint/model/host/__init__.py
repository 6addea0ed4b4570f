"""What exists on a host: containers as they run, images, networks."""
