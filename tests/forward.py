"""Passes connections on, in a process of its own: `python forward.py LISTEN TARGET [LISTEN TARGET ...]`.

LISTEN is `address:port`; TARGET the same, or the path of a socket. Says `ready` when it listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while octets := await reader.read(65536):
            writer.write(octets)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


async def serve(listen: str, target: str) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if target.startswith("/"):
                there, back = await asyncio.open_unix_connection(target)
            else:
                host, _, port = target.rpartition(":")
                there, back = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))

    host, _, port = listen.rpartition(":")
    await asyncio.start_server(take, host, int(port))


async def main(words: list[str]) -> None:
    for listen, target in zip(words[::2], words[1::2], strict=True):
        await serve(listen, target)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
