"""The ladder: what an office reports upwards out of its own aggregate."""
