"""What stands between text from outside and the engines that would read it."""
