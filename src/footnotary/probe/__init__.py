"""Reading the user's project by importing it in a child process."""
