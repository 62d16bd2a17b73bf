"""What code must know of a language; everything that is only words is in `server/packs`."""
