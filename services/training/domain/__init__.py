"""The decisions of training: pure, and all of them."""
