"""Somebody who holds everything the installation writes, and knows in which order people answered."""
