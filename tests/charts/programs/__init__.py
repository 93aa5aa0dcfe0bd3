"""Small programs of level 2, each about one idea; what they answer stands in tests/data/charts."""
