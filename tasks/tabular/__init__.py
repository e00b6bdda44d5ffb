"""Tables. Inputs are (examples, features) float32, each feature standardized on the training rows."""
