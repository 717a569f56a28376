"""Everything that happened, in one file, exactly: writer taps and the reader."""
