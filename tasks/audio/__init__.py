"""Sound. Inputs are (examples, time, channels) float32: a waveform, or frames of a spectrum, standardized on train."""
