"""Tests of viva; they mirror the modules."""
