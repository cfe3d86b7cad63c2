# Where a parameter of the API stands.
place-path = in the path
place-query = after the question mark
place-header = in a header
