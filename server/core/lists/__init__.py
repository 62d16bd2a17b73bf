"""Word lists that stand in for understanding. Nothing else depends on how they work: what replaces
them replaces the folder."""
