"""A file per architecture. An architecture is its mixer: how places exchange information, and no more.

Each file says which data types it ACCEPTS and how to `build` a network for a task. Norm, dropout and
residual are not its business: they act in the shared block.
"""
