"""The network that tags music: MusiCNN, whose hidden layer makes good features of emotion."""
