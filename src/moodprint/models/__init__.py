"""Networks and families of classifiers, ready to be run or fitted."""
