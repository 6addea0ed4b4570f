"""Knowledge about images: facts, bases, tags, successors, the end of their support."""
