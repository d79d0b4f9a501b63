"""One module a place in the loop: its pages, what they ask an action, what they show."""
