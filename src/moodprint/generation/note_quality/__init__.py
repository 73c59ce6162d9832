"""How good generated notes are: a judge taught by real notes, and the table of its findings."""
