"""What stays whole through kills, lost answers and full disks; counted in a process outside.

`make crash` prints the figures of docs/promises.md. Every harness has its negative control, which must fail,
and fails itself when a fault that it planted never fired.
"""
