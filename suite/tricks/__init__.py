"""What makes networks deep and trainable: a file per trick, each acting in one place for all architectures."""
