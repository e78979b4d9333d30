"""What other people's tools make of the contract: generate, build, run and render it."""
