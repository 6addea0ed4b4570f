"""The layers of hardening that are proven one after another, and how the smallest one is found."""
