"""Speed and memory of the import, as ratios against a floor measured in the same run."""
