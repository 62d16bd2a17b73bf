"""Tests of the engine adapters, against the engines themselves or real local servers."""
