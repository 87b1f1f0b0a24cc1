"""What is asked and answered over the network. Must not know of pages of the dashboard, or of the command line."""
