"""What many repositories hold: each file judged once, and tables of what was found in all of them."""
