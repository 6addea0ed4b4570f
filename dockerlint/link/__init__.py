"""What files of a project say to each other: variables, and Dockerfiles inside of Compose files."""
