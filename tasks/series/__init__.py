"""Time series. Inputs are (examples, time, channels) float32, standardized on the training examples or as published."""
