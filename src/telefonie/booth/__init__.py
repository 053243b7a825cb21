"""What reads and makes sound, in processes of their own: the only floor that loads sound libraries.

The server runs it by its path and never imports it.
"""
