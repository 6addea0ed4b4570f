"""The nodes of a model, and what rules say about them."""
