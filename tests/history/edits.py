"""Edits of the small world, each with what a report must say of it; they never touch the same thing twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from communique.history.changes import Group

from .world import REGISTER, Expected, World, add_round, add_source, passage

Oracle = Callable[[World, World], list[Expected]]
"""What must be told of an edit, given the world before and after all edits."""


class RefusedError(Exception):
    """An edit would touch what another edit has touched."""


class Editor:
    """Edits a world by chance, and keeps what must be told of it."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world = world
        self.chance = chance
        self.oracles: list[Oracle] = []
        self._aspects: set[object] = set()
        self._used: set[str] = set()
        self._replaced: set[str] = set()
        self._numbers = iter(range(100, 1000))

    def edit(self, name: str) -> None:
        """Make an edit of a sort; or none, if all of that sort has been touched."""
        before = self.world.copy(), set(self._aspects), set(self._used), set(self._replaced)
        try:
            self.oracles.append(EDITS[name](self))
        except RefusedError:
            self.world, self._aspects, self._used, self._replaced = before

    def claim(self, *aspects: object) -> None:
        """Refuse aspects that another edit has touched."""
        if self._aspects & set(aspects):
            raise RefusedError
        self._aspects |= set(aspects)

    def use(self, *nodes: str) -> None:
        """Refuse things that an edit puts others in the place of."""
        if self._replaced & set(nodes):
            raise RefusedError
        self._used |= set(nodes)

    def take_over(self, *nodes: str) -> None:
        """Refuse things that any other edit has to do with."""
        if (self._used | self._replaced) & set(nodes):
            raise RefusedError
        self._replaced |= set(nodes)

    def pick(self, nodes: list[str]) -> str:
        if not nodes:
            raise RefusedError
        return self.chance.choice(nodes)

    def source(self) -> str:
        """Return a source that stays."""
        found = self.pick(self.world.subjects("cmq:Source"))
        self.use(found)
        return found

    def number(self) -> int:
        return next(self._numbers)

    def retarget(self, old: str, new: str) -> None:
        """Let all that mention a thing mention another."""
        for file, triples in self.world.files.items():
            self.world.files[file] = {(s, p, new if o == old else o) for s, p, o in triples}


def words(value: str) -> str:
    """Return a literal as people read it."""
    text, _, datatype = value.partition("^^")
    text = text.removesuffix("@en").strip('"')
    if datatype == "xsd:date":
        day = date.fromisoformat(text)
        return f"{day:%B} {day.day}, {day.year}"
    return text.removesuffix("@ja").strip('"') + " (ja)" if value.endswith("@ja") else text


def of_thing(  # noqa: PLR0917 - read in this order
    kind: str, group: Group, node: str, what: str, before: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> Oracle:
    """Return the oracle of a change of something that is still there."""
    return lambda _, now: [Expected(kind, group, now.label(node), "", what, before, after, now.home(node))]


def of_account(
    kind: str,
    node: str,
    what: Callable[[World], str],
    before: Callable[[World], tuple[str, ...]],
    after: Callable[[World], tuple[str, ...]],
    *,
    about: bool = True,
) -> Oracle:
    """Return the oracle of a change of an account that is still there, or of a part of it."""
    source = node.partition("#")[0]

    def tell(was: World, now: World) -> list[Expected]:
        round_ = now.label(now.value(f"{source}#round", "cmq:about")) if about else ""
        subject = now.label(source)
        told = Expected(
            kind, Group.ACCOUNTS, subject, round_, what(now), before(was), after(now), now.home(node)
        )
        return [told]

    return tell


def nothing(_: World) -> tuple[str, ...]:
    return ()


def says(*values: str) -> Callable[[World], tuple[str, ...]]:
    return lambda _: tuple(sorted(map(words, values)))


def names(*nodes: str) -> Callable[[World], tuple[str, ...]]:
    return lambda world: tuple(sorted(map(world.label, nodes)))


def called(text: str) -> Callable[[World], str]:
    return lambda _: text


def seat(role: str, side: str) -> Callable[[World], str]:
    return lambda world: f"{world.label(role)} ({world.label(side)})"


CHAIR = seat("role:co-chair", "government:japan")
BODIES = seat("role:participant", "government:japan")


# Things that come and go


def add_person(editor: Editor) -> Oracle:
    node = f"person:n{editor.number()}"
    label = f'"New {node}"@en'
    editor.world.add(REGISTER + "people.ttl", node, ("rdf:type", "foaf:Person"), ("rdfs:label", label))
    return of_thing("added", Group.PEOPLE, node, "person")


def remove_person(editor: Editor) -> Oracle:
    world = editor.world
    mentioned = {o for _, _, o in world.all()}
    node = editor.pick(
        [one for one in world.subjects("foaf:Person") if one.startswith("person:p") and one not in mentioned]
    )
    editor.take_over(node)
    world.drop(node)
    return lambda was, _: [
        Expected("removed", Group.PEOPLE, was.label(node), "", "person", (), (), was.home(node))
    ]


def add_dialogue(editor: Editor) -> Oracle:
    number = editor.number()
    add_round(editor.world, number)
    return of_thing("added", Group.OCCASIONS, f"occasion:r{number}", "round")


def add_account(editor: Editor) -> Oracle:
    number = editor.number()
    editor.use(f"body:b{number % 3}", "body:b3", "person:p0")
    add_round(editor.world, number)
    add_source(editor.world, number)
    source = f"source:s{number}"
    editor.claim((source, "whole"))
    editor.take_over(source)
    return lambda _, now: [
        Expected(
            "added", Group.OCCASIONS, f"Round {number}", "", "round", (), (), now.home(f"occasion:r{number}")
        ),
        Expected("added", Group.SOURCES, f"Source {number}", "", "source", (), (), now.home(source)),
        Expected(
            "added",
            Group.ACCOUNTS,
            f"Source {number}",
            f"Round {number}",
            "account",
            (),
            (),
            now.home(f"{source}#round"),
        ),
    ]


def remove_source(editor: Editor) -> Oracle:
    source = editor.pick(editor.world.subjects("cmq:Source"))
    editor.take_over(source)
    editor.world.drop(*(s for s, _, _ in editor.world.all() if s.partition("#")[0] == source))

    def tell(was: World, _: World) -> list[Expected]:
        label, home = was.label(source), was.home(source)
        about = was.label(was.value(f"{source}#round", "cmq:about"))
        return [
            Expected("removed", Group.SOURCES, label, "", "source", (), (), home),
            Expected("removed", Group.ACCOUNTS, label, about, "account", (), (), was.home(f"{source}#round")),
        ]

    return tell


# Accounts that say otherwise


def change_value(editor: Editor, node: str, predicate: str, value: str) -> tuple[str, str]:
    editor.claim((node, predicate))
    old = editor.world.value(node, predicate)
    if old == value:
        raise RefusedError
    editor.world.replace((node, predicate, old), (node, predicate, value))
    return old, value


def change_day(editor: Editor) -> Oracle:
    node = f"{editor.source()}#day"
    day = f"2024-0{editor.chance.randint(3, 9)}-1{editor.chance.randint(0, 9)}"
    old, new = change_value(editor, node, "cmq:date", f'"{day}"^^xsd:date')
    return of_account("corrected", node, called("day"), says(old), says(new))


def change_zone(editor: Editor) -> Oracle:
    node = f"{editor.source()}#day"
    old, new = change_value(editor, node, "cmq:zone", '"America/New_York"')

    def what(now: World) -> str:
        return f"zone of day {words(now.value(node, 'cmq:date'))} (America/New_York)"

    return of_account("corrected", node, what, says(old), says(new))


def replace_day(editor: Editor) -> Oracle:
    source = editor.source()
    editor.claim((f"{source}#day", "cmq:date"), (f"{source}#day", "cmq:zone"))
    editor.world.drop(f"{source}#day")
    editor.world.replace(
        (f"{source}#round", "cmq:heldOn", f"{source}#day"), (f"{source}#round", "cmq:heldOn", f"{source}#d")
    )
    file = editor.world.home(f"{source}#round")
    editor.world.add(file, f"{source}#d", ("rdf:type", "cmq:Day"), ("cmq:date", '"2025-01-02"^^xsd:date'))
    return of_account(
        "corrected",
        f"{source}#round",
        called("day"),
        lambda was: (f"{words(was.value(f'{source}#day', 'cmq:date'))} (Asia/Tokyo)",),
        called_once("January 2, 2025"),
    )


def called_once(text: str) -> Callable[[World], tuple[str, ...]]:
    return lambda _: (text,)


def change_chair(editor: Editor) -> Oracle:
    node = f"{editor.source()}#chair"
    new = f"person:p{editor.chance.randint(1, 4)}"
    editor.use("person:p0", new)
    old, _ = change_value(editor, node, "cmq:participant", new)
    return of_account("corrected", node, CHAIR, names(old), names(new))


def change_title(editor: Editor) -> Oracle:
    node = f"{editor.source()}#chair"
    old, new = change_value(editor, node, "cmq:titleAsPrinted", f'"Director {editor.number()}"@en')

    def what(now: World) -> str:
        return f"title as printed of {CHAIR(now)} {now.label(now.value(node, 'cmq:participant'))}"

    return of_account("corrected", node, what, says(old), says(new))


def add_to_participation(editor: Editor) -> Oracle:
    node = f"{editor.source()}#bodies"
    new = f"body:b{editor.chance.randint(4, 7)}"
    editor.use(new)
    editor.claim((node, "cmq:participant"))
    editor.world.add(editor.world.home(node), node, ("cmq:participant", new))
    return of_account("stated", node, BODIES, nothing, names(new))


def add_participation(editor: Editor) -> Oracle:
    source = editor.source()
    new = f"body:b{editor.chance.randint(4, 7)}"
    editor.use(new)
    editor.claim((f"{source}#round", "cmq:mentions"))
    file = editor.world.home(f"{source}#round")
    editor.world.add(file, f"{source}#round", ("cmq:mentions", f"{source}#others"))
    editor.world.add(
        file,
        f"{source}#others",
        ("rdf:type", "cmq:Participation"),
        ("cmq:participant", new),
        ("cmq:role", "role:participant"),
        ("cmq:side", "government:united-states"),
        ("cmq:nameAsPrinted", '"Others"@en'),
    )
    what = seat("role:participant", "government:united-states")
    return of_account("stated", f"{source}#round", what, nothing, names(new))


def remove_participation(editor: Editor) -> Oracle:
    source = editor.source()
    node = f"{source}#chair"
    editor.claim((node, "cmq:participant"), (node, "cmq:titleAsPrinted"))
    editor.use("person:p0")
    editor.world.drop(node)
    editor.world.replace((f"{source}#round", "cmq:mentions", node))
    return of_account("withdrawn", f"{source}#round", CHAIR, names("person:p0"), nothing)


def verify(editor: Editor) -> Oracle:
    source = editor.source()
    node = f"{source}#passage"
    old, new = change_value(editor, node, "cmq:verified", "true")
    first = words(editor.world.value(node, "cmq:firstWords"))
    what = called(f"verified of evidence “{first} … was held”")
    return of_account("corrected", node, what, says(old), says(new), about=False)


def add_evidence(editor: Editor) -> Oracle:
    source, number = editor.source(), editor.number()
    file = editor.world.home(f"{source}#round")
    editor.claim((f"{source}#round", "cmq:evidence"))
    editor.world.add(file, f"{source}#round", ("cmq:evidence", f"{source}#more"))
    editor.world.add(file, f"{source}#more", *passage(source, f"More {number}"))
    text = f"“More {number} … was held”"
    return of_account("stated", f"{source}#round", called("evidence"), nothing, called_once(text))


def change_topic(editor: Editor) -> Oracle:
    node = f"{editor.source()}#round"
    new = editor.pick(["topic:labor", "topic:timber"])
    old, _ = change_value(editor, node, "cmq:topic", new)
    return of_account("corrected", node, called("topic"), names(old), names(new))


def change_occasion(editor: Editor) -> Oracle:
    node = f"{editor.source()}#round"
    rounds = editor.world.subjects("cmq:Round")
    rounds.remove(editor.world.value(node, "cmq:about"))
    new = editor.pick(rounds)
    old, _ = change_value(editor, node, "cmq:about", new)
    return of_account("corrected", node, called("about"), names(old), names(new))


# Entries of the register that become others


def merge(editor: Editor) -> Oracle:
    old, new = editor.chance.sample([f"body:b{n}" for n in range(8)], 2)
    editor.take_over(old, new)
    world = editor.world
    gone = {t for t in world.all() if t[0] == old}
    world.drop(old)
    for _, predicate, value in gone:
        if predicate in {"rdfs:label", "skos:altLabel"}:
            world.add(world.home(new), new, ("skos:altLabel", value))
        elif predicate == "org:unitOf" and value != new:
            world.add(world.home(new), new, (predicate, value))
    editor.retarget(old, new)
    # Nothing is a unit of itself.
    world.files = {name: {t for t in triples if t[0] != t[2]} for name, triples in world.files.items()}
    return lambda was, now: [
        Expected(
            "merged",
            Group.BODIES,
            was.label(old),
            "",
            "government body",
            (was.label(old),),
            (now.label(new),),
            was.home(old),
        )
    ]


def split(editor: Editor) -> Oracle:
    old, new = f"body:b{editor.chance.randint(0, 7)}", f"body:n{editor.number()}"
    editor.take_over(old)
    world, number = editor.world, editor.number()
    bureau = next(o for s, p, o in world.all() if (s, p) == (old, "skos:altLabel") and "Bureau" in o)
    world.replace((old, "skos:altLabel", bureau))
    world.add(
        world.home(old),
        new,
        ("rdf:type", "cmq:GovernmentBody"),
        ("rdfs:label", f'"Split {number}"@en'),
        ("skos:altLabel", bureau),
        ("org:unitOf", old),
    )
    mentions = [t for t in sorted(world.all()) if t[1:] == ("cmq:participant", old)]
    for mention in mentions[:: editor.chance.randint(1, 2)]:
        world.replace(mention, (*mention[:2], new))
    return lambda was, now: [
        Expected(
            "split",
            Group.BODIES,
            now.label(new),
            "",
            "government body",
            (was.label(old),),
            (now.label(new),),
            now.home(new),
        )
    ]


def readdress(editor: Editor) -> Oracle:
    old, new = editor.pick(["body:b1", "body:b2", "body:b5"]), f"body:n{editor.number()}"
    editor.take_over(old)
    world = editor.world
    home = world.home(old)
    said = [(p, o) for s, p, o in world.all() if s == old]
    world.drop(old)
    world.add(home, new, *said)
    editor.retarget(old, new)
    return of_thing("readdressed", Group.BODIES, new, "address", (old,), (new,))


# Names and parents


def named(editor: Editor) -> tuple[str, Group]:
    node = editor.pick([f"person:p{n}" for n in range(6)] + [f"body:b{n}" for n in range(8)])
    editor.use(node)
    if not any(s == node for s, _, _ in editor.world.all()):
        raise RefusedError
    return node, Group.PEOPLE if node.startswith("person") else Group.BODIES


def rename(editor: Editor) -> Oracle:
    node, group = named(editor)
    editor.claim((node, "label"))
    new = f'"Renamed {editor.number()}"@en'
    old = f'"{editor.world.label(node)}"@en'
    kept = [(node, "skos:altLabel", old)] if editor.chance.random() < 0.5 else []
    editor.world.replace((node, "rdfs:label", old), (node, "rdfs:label", new), *kept)
    return of_thing("renamed", group, node, "name", (words(old),), (words(new),))


def translate(editor: Editor) -> Oracle:
    node = editor.pick([f"body:b{n}" for n in range(8)])
    editor.use(node)
    editor.claim((node, "ja"))
    editor.world.add(editor.world.home(node), node, ("rdfs:label", '"機関"@ja'))
    return of_thing("stated", Group.BODIES, node, "name", (), ("機関 (ja)",))


def add_alias(editor: Editor) -> Oracle:
    node, group = named(editor)
    editor.claim((node, "new alias"))
    alias = f'"Also {editor.number()}"@en'
    editor.world.add(editor.world.home(node), node, ("skos:altLabel", alias))
    return of_thing("alias added", group, node, "other name", (), (words(alias),))


def remove_alias(editor: Editor) -> Oracle:
    node, group = named(editor)
    editor.claim((node, "old alias"))
    start = '"P. ' if node.startswith("person") else '"B. '
    alias = next(
        o for s, p, o in editor.world.all() if (s, p) == (node, "skos:altLabel") and o.startswith(start)
    )
    editor.world.replace((node, "skos:altLabel", alias))
    return of_thing("alias removed", group, node, "other name", (words(alias),), ())


def move(editor: Editor) -> Oracle:
    new = f"body:b{editor.chance.randint(2, 7)}"
    editor.use("body:b0", "body:b1", new)
    editor.claim(("body:b0", "org:unitOf"))
    editor.world.replace(("body:b0", "org:unitOf", "body:b1"), ("body:b0", "org:unitOf", new))
    return lambda was, now: [
        Expected(
            "moved",
            Group.BODIES,
            now.label("body:b0"),
            "",
            "parent",
            (was.label("body:b1"),),
            (now.label(new),),
            now.home("body:b0"),
        )
    ]


def define(editor: Editor) -> Oracle:
    node = editor.pick(["topic:fish", "topic:labor"])
    old, new = change_value(editor, node, "skos:definition", f'"Other words {editor.number()}."@en')
    return of_thing("corrected", Group.LISTS, node, "definition", (words(old),), (words(new),))


def count(editor: Editor) -> Oracle:
    node = editor.pick(editor.world.subjects("cmq:Round"))
    if int(node.removeprefix("occasion:r")) >= 100:
        raise RefusedError
    old, new = change_value(editor, node, "cmq:ordinal", str(editor.number()))
    return of_thing("corrected", Group.OCCASIONS, node, "ordinal", (old,), (new,))


def state_something_else(editor: Editor) -> Oracle:
    node, group = named(editor)
    editor.claim((node, "schema:knowsAbout"))
    editor.world.add(editor.world.home(node), node, ("schema:knowsAbout", '"fish"'))
    return of_thing("stated", group, node, "knows about", (), ("fish",))


# What is no change


def move_entry(editor: Editor) -> Oracle:
    node = editor.pick(sorted({s for s, _, _ in editor.world.all()}))
    said = [(p, o) for s, p, o in editor.world.all() if s == node]
    editor.world.drop(node)
    editor.world.add(f"data/register/moved {editor.number()}.ttl", node, *said)
    return lambda *_: []


def rename_file(editor: Editor) -> Oracle:
    file = editor.pick(sorted(editor.world.files))
    editor.world.files[f"data/elsewhere/{editor.number()}.ttl"] = editor.world.files.pop(file)
    return lambda *_: []


EDITS: dict[str, Callable[[Editor], Oracle]] = {
    edit.__name__: edit
    for edit in (
        add_person,
        remove_person,
        add_dialogue,
        add_account,
        remove_source,
        change_day,
        change_zone,
        replace_day,
        change_chair,
        change_title,
        add_to_participation,
        add_participation,
        remove_participation,
        verify,
        add_evidence,
        change_topic,
        change_occasion,
        merge,
        split,
        readdress,
        rename,
        translate,
        add_alias,
        remove_alias,
        move,
        define,
        count,
        state_something_else,
        move_entry,
        rename_file,
    )
}
