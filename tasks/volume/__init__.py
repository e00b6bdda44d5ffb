"""Volumes and videos. Inputs are (examples, depth or time, height, width, channels) float32, standardized on train."""
