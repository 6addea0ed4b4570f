"""What the files mean: one model for every input, facts instead of cleverness in rules."""
