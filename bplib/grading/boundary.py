"""A check runs here, what it checks runs elsewhere: names, functions and objects of the learner's, at arm's length.

An `Answer` hands plain data over and gets plain data back. The master's own answer (`Own`) is asked behind the same
boundary: what happens to it, too, is the check's doing.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import linecache
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from bplib.grading import wire
from bplib.grading.cells import Cell, python_of
from bplib.grading.link import FAULT, GONE, NAMED, CannotCross, Fault, Link

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
                return reply["v"]

    def _called_back(self, reply: dict[str, Any]) -> None:
        try:
            args, kwargs = reply["v"]
            self.link.send({"is": "result"}, self.functions[reply["function"]](*args, **kwargs))
        except Exception as error:  # its name only: what it says is the check's
            self.link.send({"is": "raised", "name": type(error).__name__})


class Own(Boundary):
    """The master's own answers, in this process, but behind the same boundary."""

    def __init__(self, cells: Sequence[Cell], shell: Any) -> None:
        super().__init__()
        self.cells, self.shell = cells, shell
        self.names: dict[str, Any] | None = None
        self.things: dict[int, Any] = {}
        self.count = 0
        self.busy = False
        self.seconds = 0.0

    def begin(self, cell: int) -> None:
        """Forget everything: a learner's cells are executed anew for each check, too."""
        super().begin(cell)
        self.names, self.things, self.upto, self.seconds = None, {}, cell, 0.0

    def ask(self, message: dict[str, Any], value: Any = None) -> Any:
        """Do at once what a worker in the sandbox would be asked to do."""
        if self.busy:
            raise CannotCross("check cannot cross the boundary (a function handed to the answer calls the answer)")
        given = _across(value, self.outgoing, self._inside)
        self.busy = message["is"] == "call"
        try:
            result = self._done(message, given)
        except (CannotCross, wire.WireError):
            raise
        except BaseException as error:
            name, base = type(error).__name__, next(k.__name__ for k in type(error).__mro__ if k.__name__ in NAMED)
            raise Fault("raised", f"it raised {name}", name, base, str(error)) from None
        finally:
            self.busy = False
        return _across(result, self._kept, lambda tag, number: Thing(self, number))

    def _done(self, message: dict[str, Any], given: Any) -> Any:
        what, names = message["is"], self._replayed()
        if "thing" in message:
            self._inside("h", message["thing"])
        if what == "kind":
            name = message["name"]
            return "missing" if name not in names else "callable" if callable(names[name]) else "value"
        target = self.things[message["thing"]] if "thing" in message else names[message["name"]]
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
            self.seconds += time.process_time() - start
            changes = zip(arguments, before, strict=True)
            self.changed = tuple(which for (which, value), old in changes if wire.fingerprint(value) != old)

    def _replayed(self) -> dict[str, Any]:
        if self.names is None:
            self.names = {"__name__": "__main__", "get_ipython": lambda: self.shell}
            for cell in self.cells[: self.upto]:
                if cell.role != "graded":
                    with contextlib.suppress(Exception):
                        exec(compile(python_of(cell.source, self.shell), f"<{cell.name}>", "exec"), self.names)
        return self.names

    def _kept(self, thing: Any) -> tuple[str, int]:
        self.count += 1
        self.things[self.count] = thing
        return "h", self.count

    def _inside(self, tag: str, number: int) -> Any:
        if tag == "h":
            if number not in self.things:
                raise CannotCross(GONE)
            return self.things[number]
        function = self.functions[number]
        return lambda *args, **kwargs: _across(function(*_across(args, None, None), **kwargs), None, None)


def _across(value: Any, other: Any, back: Any) -> Any:
    """Return what becomes of `value` on the way through a frame."""
    stream = io.BytesIO(wire.pack({}, value, other))
    return wire.unpack(stream.read, back)["v"]


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
