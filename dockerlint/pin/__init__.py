"""`dockerlint pin`: the images of a project, and the lock with their digests."""
