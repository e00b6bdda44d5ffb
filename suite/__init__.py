"""The engine of Wonderland. Its map is README.md, because what stands here is in the source hash of every record."""
