"""What the pages say that the code knows better: tables and diagrams, written anew by `make docs`."""
