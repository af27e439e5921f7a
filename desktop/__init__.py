"""The desktop application. Who may import whom: docs/architecture.md, checked by import-linter."""
