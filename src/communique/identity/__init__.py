"""Who is who: names as they are compared, what the registers know, and what may be decided without asking."""
