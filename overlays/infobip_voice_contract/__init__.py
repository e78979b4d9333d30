"""The contract kit: point it at any server, and learn where it differs from the contract."""
