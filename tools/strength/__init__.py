"""How strong the contract kit is: faults that it has to find, servers that it may not accuse."""
