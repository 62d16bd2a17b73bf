"""Who somebody is and what they may do; nothing here knows of HTTP."""
