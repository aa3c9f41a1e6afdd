"""A check runs here, what it checks runs elsewhere: names, functions and objects of the learner's, at arm's length.

An `Answer` hands plain data over and gets plain data back. The master's own answer (`Own`) is asked behind the same
boundary: what happens to it, too, is the check's doing.
"""

from __future__ import annotations

import builtins
import contextlib
import linecache
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from bplib.grading import wire
from bplib.grading.cells import Cell, python_of
from bplib.grading.link import FAULT, GONE, NAMED, CannotCross, CheckerError, Fault, Link

LONGEST_LINE = 100_000  # a line number beyond it is no line of a notebook


class Names(dict):
    """The names of the lecturer's cells; what none of them defines is the learner's, and is looked up when needed."""

    def __init__(self, boundary: Boundary) -> None:
        super().__init__(__name__="__main__")
        self.boundary = boundary
        self.theirs: set[str] = set()  # what the master's solution cells define: the learner's, whatever it shadows
        self.found: dict[str, Any] = {}
        self.lost: set[str] = set()

    def __missing__(self, name: str) -> Any:
        if name in self.found:
            return self.found[name]
        if name.startswith("__") or (hasattr(builtins, name) and name not in self.theirs):
            raise KeyError(name)
        answer = Answer(self.boundary, name)
        try:
            kind = self.boundary.ask({"is": "kind", "name": name})
            if kind == "missing":
                self.lost.add(name)
                raise KeyError(name)
            self.found[name] = answer if kind == "callable" else self.boundary.ask({"is": "get", "name": name})
        except Fault as fault:  # the cells before the check have used up the notebook's time
            _raise(fault, answer)
        return self.found[name]


class Answer:
    """A function or class of the learner's, as a check sees it: called with plain data, it returns plain data."""

    def __init__(self, boundary: Boundary, name: str) -> None:
        self.__name__ = self.__qualname__ = name
        # Where `bplib.checks.calling` looks for the learner's own line.
        self.__code__ = SimpleNamespace(co_filename=f"<the cell of {name}>", co_name=name)
        self._boundary = boundary

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it where it is."""
        return self._boundary.call({"is": "call", "name": self.__name__}, self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._boundary.thing_of(self), name)


class Thing:
    """Something of the learner's that is no plain data: its attributes and methods can be asked for, and no more."""

    def __init__(self, boundary: Boundary, number: int) -> None:
        vars(self).update(_boundary=boundary, _number=number)
        vars(self)["__code__"] = SimpleNamespace(co_filename=f"<object {number}>")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._boundary.call({"is": "attribute", "thing": self._number, "name": name}, self, (), {})

    def __setattr__(self, name: str, value: Any) -> None:
        self._boundary.call({"is": "assign", "thing": self._number, "name": name}, self, (value,), {})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it where it is."""
        return self._boundary.call({"is": "call", "thing": self._number}, self, args, kwargs)


def _as_number(word: str) -> Callable[..., Any]:
    def refuse(self: Thing, *_: Any, **__: Any) -> Any:
        why = f"an object of its own was returned where numbers are compared ({word})"
        self._boundary.odd.append(why)
        raise CannotCross(why)

    return refuse


def _as_container(word: str) -> Callable[..., Any]:
    def refuse(self: Thing, *_: Any, **__: Any) -> Any:
        why = f"check cannot cross the boundary ({word} of an object that is no plain data)"
        self._boundary.reviews.append(why)
        raise CannotCross(why)

    return refuse


# An answer that should be numbers and is none is a wrong answer; to look into an object is the check's own wish.
ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
NUMBERS = (
    *(
        "array",
        "float",
        "int",
        "index",
        "complex",
        "bool",
        "abs",
        "neg",
        "pos",
        "round",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
    ),
    *ARITHMETIC,
    *(f"r{word}" for word in ARITHMETIC),
)
CONTAINERS = ("len", "iter", "next", "getitem", "setitem", "delitem", "contains", "delattr", "enter", "exit")
for _words, _refused in ((NUMBERS, _as_number), (CONTAINERS, _as_container)):
    for _word in _words:
        setattr(Thing, f"__{_word}__", _refused(_word))
Thing.__hash__ = object.__hash__
Thing.__name__ = Thing.__qualname__ = "an object of its own"  # checks print the name of a type that is none they know


class Boundary:
    """What stands between a check and the answers: only plain data goes through."""

    def __init__(self) -> None:
        self.functions: list[Callable[..., Any]] = []  # which a check hands to the answer
        self.odd: list[str] = []
        self.reviews: list[str] = []
        self.changed: tuple[int | str, ...] = ()  # which arguments the last call changed, in its own process
        self.seconds = 0.0  # CPU time of the answers, where they are the master's own

    def begin(self, cell: int) -> None:
        """Take notice that the cell with this number begins."""
        for found in (self.functions, self.odd, self.reviews):
            found.clear()

    def ask(self, message: dict[str, Any], value: Any = None) -> Any:
        """Return what the answers' side says to a message."""
        raise NotImplementedError

    def call(self, message: dict[str, Any], target: Any, args: Any, kwargs: Any) -> Any:
        """Call something of the learner's; what it raises is raised here, from the learner's line."""
        vars(target)["changed"] = ()
        try:
            value = self.ask(message, [tuple(args), dict(kwargs)])
            vars(target)["changed"] = self.changed
            return value
        except Fault as fault:
            _raise(fault, target)
        except wire.WireError as error:  # what the check hands over
            why = f"check cannot cross the boundary ({error})"
            self.reviews.append(why)
            raise CannotCross(why) from None

    def thing_of(self, answer: Answer) -> Thing:
        """Return a function or class of the learner's as an object, to be handed over or asked for attributes."""
        return self.ask({"is": "thing", "name": answer.__name__})

    def outgoing(self, value: Any) -> tuple[str, int]:
        """Say by which number something goes to the answers' side that is not plain."""
        if isinstance(value, Answer):
            value = self.thing_of(value)
        if isinstance(value, Thing):
            return "h", value._number
        if callable(value) and not isinstance(value, type):
            self.functions.append(value)
            return "f", len(self.functions) - 1
        raise wire.WireError(f"a value of type {type(value).__name__[:60]} is not plain data")


class Remote(Boundary):
    """The learner's answers, at the other end of a link."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link

    def ask(self, message: dict[str, Any], value: Any = None) -> Any:
        """Send a message and wait for the reply; meanwhile the learner's code may call functions of the check."""
        self.link.send(message, value, self.outgoing)
        while True:
            reply = self.link.receive(lambda tag, number: Thing(self, number))
            if reply["is"] == "back":
                self._called_back(reply)
            elif reply["is"] == "fault":
                raise Fault(**{key: reply[key] for key in FAULT})
            elif reply["is"] == "cannot":
                self.odd.append(reply["why"])
                raise CannotCross(reply["why"])
            else:
                self.changed = tuple(reply.get("changed", ()))
                self.seconds += reply.get("seconds", 0.0)
                return reply["v"]

    def _called_back(self, reply: dict[str, Any]) -> None:
        try:
            args, kwargs = reply["v"]
            self.link.send({"is": "result"}, self.functions[reply["function"]](*args, **kwargs))
        except Exception as error:  # its name only: what it says is the check's
            self.link.send({"is": "raised", "name": type(error).__name__})


class Own(Remote):
    """The master's own answers, in a process of their own: a check shares no more with it than with a learner's."""

    def __init__(self, cells: Sequence[Cell], shell: Any) -> None:
        super().__init__(None)
        self.busy = False
        self.control, theirs = socket.socketpair()
        if os.fork() == 0:  # before any check has run: what one does to its own process is not seen there
            self.control.close()
            _fork_on_request(theirs, cells, shell)
            os._exit(0)
        theirs.close()

    def begin(self, cell: int) -> None:
        """Forget everything: a learner's cells are executed anew for each check, too."""
        super().begin(cell)
        self.upto, self.seconds = cell, 0.0
        if self.link is not None:
            self.link.sock.close()
            self.link = None

    def ask(self, message: dict[str, Any], value: Any = None) -> Any:
        """Have done in the other process what a worker in the sandbox would be asked to do."""
        if self.busy:
            why = "check cannot cross the boundary (a function handed to the answer calls the answer)"
            self.reviews.append(why)
            raise CannotCross(why)
        if self.link is None:
            ours, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(self.control, [self.upto.to_bytes(4)], [theirs.fileno()])
            self.link = Link(ours)
        return super().ask(message, value)

    def _called_back(self, reply: dict[str, Any]) -> None:
        self.busy = True
        try:
            super()._called_back(reply)
        finally:
            self.busy = False


def _fork_on_request(control: socket.socket, cells: Sequence[Cell], shell: Any) -> None:
    """Fork a `Master` for each cell that asks for one, in a folder that no check sees."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    aside = f"{os.getcwd()}-own"
    shutil.copytree(".", aside, symlinks=True)
    os.chdir(aside)
    while True:
        upto, files, _, _ = socket.recv_fds(control, 4, 1)
        if not upto:
            break
        if os.fork() == 0:
            control.close()
            with contextlib.suppress(CheckerError):
                Master(Link(socket.socket(fileno=files[0])), cells[: int.from_bytes(upto)], shell).serve()
            os._exit(0)
        os.close(files[0])
    shutil.rmtree(aside, ignore_errors=True)


class Master:
    """Answers at the other end of a link, as a worker in the sandbox does; but trusted."""

    def __init__(self, link: Link, cells: Sequence[Cell], shell: Any) -> None:
        self.link, self.shell = link, shell
        self.things: dict[int, Any] = {}
        self.changed: tuple[int | str, ...] = ()
        self.names: dict[str, Any] = {"__name__": "__main__", "get_ipython": lambda: shell}
        for cell in cells:
            if cell.role != "graded":
                with contextlib.suppress(Exception):
                    exec(compile(python_of(cell.source, shell), f"<{cell.name}>", "exec"), self.names)

    def serve(self) -> None:
        """Answer until the other end closes."""
        while True:
            self.changed, self.seconds = (), 0.0
            try:
                message = self.link.receive(self._inside)
                result = self._done(message, message.pop("v"))
                self.link.send({"is": "value", "changed": self.changed, "seconds": self.seconds}, result, self._kept)
            except CheckerError:
                raise
            except (CannotCross, wire.WireError) as error:
                self.link.send({"is": "cannot", "why": str(error)[:300]})
            except BaseException as error:
                name, base = type(error).__name__, next(k.__name__ for k in type(error).__mro__ if k.__name__ in NAMED)
                fault = Fault("raised", f"it raised {name}", name, base, str(error))
                self.link.send({"is": "fault", **fault.told})

    def _done(self, message: dict[str, Any], given: Any) -> Any:
        what, names = message["is"], self.names
        if what == "kind":
            name = message["name"]
            return "missing" if name not in names else "callable" if callable(names[name]) else "value"
        target = self._inside("h", message["thing"]) if "thing" in message else names[message["name"]]
        if what in ("get", "thing"):
            return target
        if what == "assign":
            return setattr(target, message["name"], given[0][0])
        if what == "attribute":
            return getattr(target, message["name"])
        arguments = [*enumerate(given[0]), *given[1].items()]
        before = [wire.fingerprint(value) for _, value in arguments]
        start = time.process_time()
        try:
            return target(*given[0], **given[1])
        finally:
            self.seconds = time.process_time() - start
            changes = zip(arguments, before, strict=True)
            self.changed = tuple(which for (which, value), old in changes if wire.fingerprint(value) != old)

    def _kept(self, thing: Any) -> tuple[str, int]:
        self.things[len(self.things) + 1] = thing
        return "h", len(self.things)

    def _inside(self, tag: str, number: int) -> Any:
        if tag == "h":
            if number not in self.things:
                raise CannotCross(GONE)
            return self.things[number]

        def function(*args: Any, **kwargs: Any) -> Any:
            self.link.send({"is": "back", "function": number}, [args, kwargs])
            answer = self.link.receive(self._inside)
            if answer["is"] == "raised":
                raise NAMED.get(answer["name"], Exception)("the function that the question hands out raised it")
            return answer["v"]

        return function


def _raise(fault: Fault, target: Any) -> None:
    """Raise in the check what the learner's code raised: of the same name, and seemingly from the same line."""
    told = fault.told
    name = told["name"] or {"memory": "MemoryError", "died": "ProcessEnded", "answer": "BadAnswer"}.get(
        told["kind"], ""
    )
    base = NAMED.get(name) or NAMED.get(told["base"], Exception)
    if issubclass(base, StopIteration | StopAsyncIteration):  # either would end a check's loop without a word
        base = RuntimeError
    if told["kind"] == "time":
        from bplib.checks.calling import TookTooLong

        base = TookTooLong  # for which `calling.call` has its own words
    text = told["message"] if told["kind"] == "raised" else told["says"]
    name = name if name.isidentifier() and name.isascii() else base.__name__
    members = {"__init__": lambda self: None, "__str__": lambda self: text, "__module__": base.__module__}
    error = type(base.__name__ if told["kind"] == "time" else name, (base,), members)()
    error.args = (text,)
    error.fault = {**told, "function": getattr(target, "__name__", "")}
    line, file = told["line"], target.__code__.co_filename
    if type(line) is not int or not 0 < line <= LONGEST_LINE:
        raise error
    linecache.cache[file] = (1, None, [*["\n"] * (line - 1), told["source"].strip() + "\n"], file)
    exec(compile("\n" * (line - 1) + "raise error", file, "exec"), {"error": error})
