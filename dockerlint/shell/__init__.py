"""Reading shell text: words, commands, options, wrappers. Nothing here knows of Docker."""
