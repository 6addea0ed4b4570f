"""What help texts and shells show: options of single commands, values that are known, examples."""
