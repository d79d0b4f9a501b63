"""Every read of the loop. The first argument is the viewer; results are frozen."""
