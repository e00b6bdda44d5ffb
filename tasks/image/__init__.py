"""Images. Inputs are (examples, height, width, channels) float32, standardized on the training examples."""
