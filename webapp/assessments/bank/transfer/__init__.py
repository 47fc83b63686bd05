"""Question files in and out of the bank: what a file is, what it would bring, bringing it in, and making one.

``detecting``  which format a file has, and its questions, whatever the format
``incoming``   upload, preview, and the one step that writes every item
``outgoing``   the bank's items as a file, and the list of those that its format cannot carry
"""
