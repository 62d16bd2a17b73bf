"""Who has the floor, when, and by what sounds: nothing here knows what is asked."""
