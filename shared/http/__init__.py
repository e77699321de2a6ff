"""How HTTP meets the kernel: routes from tables, problem documents, identity and reading."""
