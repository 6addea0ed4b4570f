"""What files around one say about it: who builds it, what CI does, which contexts its build is given."""
