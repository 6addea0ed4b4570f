#!/bin/sh
echo stayed >"$HOME/kept"
echo "$(id -un) $(cat "$HOME/kept")"
