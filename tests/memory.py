"""What a process weighs."""

from pathlib import Path


def memory_mb(process: int) -> float:
    """Memory a process keeps, in MB, from /proc."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
