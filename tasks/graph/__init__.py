"""Graphs. Inputs are tasks.graphs.Graphs: float32 nodes and edge features, int64 edges, undirected edges both ways."""
