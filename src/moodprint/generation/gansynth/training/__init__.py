"""How a note generator is trained: notes, losses, growth, and a trainer that can go on."""
