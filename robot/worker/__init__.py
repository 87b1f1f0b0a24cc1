"""Works the queue: turns of jobs on the durable engine, shifts, nights. Must not know of the command line."""
