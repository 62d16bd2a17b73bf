"""The interview itself: pure functions and state, no I/O, no clock, standard library only."""
