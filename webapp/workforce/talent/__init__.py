"""The pool of officers of high potential: who is in it and why, nominated by one person and reviewed by another."""
