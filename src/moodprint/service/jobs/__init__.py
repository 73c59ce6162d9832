"""Jobs that outlive the process that asked for them: queued by the server, done by workers."""
