"""What registries say about images. No other room uses the network, and only `dockerlint pin` enters it."""
