"""Reading of Bake files, as far as they say what stands for the images of a Dockerfile."""
