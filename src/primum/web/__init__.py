"""Pages: a verb's view, form and template."""
