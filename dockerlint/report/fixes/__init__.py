"""What a run of `fix` tells: each fix, what is left and why, and the totals."""
