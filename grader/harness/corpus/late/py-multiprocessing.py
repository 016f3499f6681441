"""Asks a process of its own, which sleeps."""

import multiprocessing
import time

from conversation import LATE, serve


def work(pipe):
    while True:
        pipe.recv()
        time.sleep(LATE)
        pipe.send("done")


def main():
    ours, theirs = multiprocessing.Pipe()
    multiprocessing.Process(target=work, args=(theirs,), daemon=True).start()

    def wait(client):
        ours.send("work")
        ours.recv()

    serve(wait)


if __name__ == "__main__":
    main()
