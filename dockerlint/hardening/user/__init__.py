"""The user without rights that a stage can run as, and why it must stay root."""
