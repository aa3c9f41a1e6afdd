"""The corpus is data: some of its files are programs that do harm when they are imported."""

collect_ignore = ["corpus"]
