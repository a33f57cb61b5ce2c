"""The folders of runs: written, followed, found again."""
