"""The process that runs rules' expressions: it ends itself when a project takes more than its CPU or memory.

Started by `tasks.evaluator` with the numbers of two pipes and the bytes that it may hold; messages are
pickled, from that process and to it. It holds no secret and opens nothing. It imports neither Prefect nor a
database, so it starts quickly.
"""

from __future__ import annotations

import resource
import signal
import sys
from multiprocessing.connection import Connection

from domain.standards.checks.evaluation import code_of, run


def serve(asked: Connection, told: Connection) -> None:
    """Answer until the other side is gone: a rule set, then its projects in the groups asked for.

    Each project has its seconds. Many answers in a message cost less; single ones show at which project the
    process ended. The timer counts CPU time, so a busy machine ends no project; its signal ends the process,
    which no exception could do while the evaluator runs.
    """
    told.send("ready")
    while True:
        try:
            expressions, now, groups = asked.recv()
        except EOFError:
            return
        codes = [code_of(text) for text in expressions.texts]
        for group in groups:
            answers = []
            for roots, seconds in group:
                signal.setitimer(signal.ITIMER_PROF, seconds)
                answers.append(run(codes, expressions.pairs, roots, now))
                signal.setitimer(signal.ITIMER_PROF, 0)
            told.send(answers)


def main() -> None:
    """Take from the process what it does not need, then serve."""
    asked, told, memory = (int(number) for number in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(Connection(asked, writable=False), Connection(told, readable=False))


if __name__ == "__main__":
    main()
