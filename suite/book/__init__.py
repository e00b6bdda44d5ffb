"""The book as a map: what it defines, where the suite has it, what tests it, and which claims ask about it.

Alice's Adventures in a Differentiable Wonderland, volume I (S. Scardapane, arXiv 2404.17625).
"""
