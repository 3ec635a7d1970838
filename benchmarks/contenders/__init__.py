"""The contenders: one file each, every one run in a process of its own (`benchmarks.one`)."""
