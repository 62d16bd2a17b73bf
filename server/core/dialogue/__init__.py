"""What is asked, and why: nothing here knows of sound."""
