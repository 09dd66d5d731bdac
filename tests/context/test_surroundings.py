"""The context of a record: as much as judging can read, from files, a release or an endpoint, and no more.

Copies of the shipped data are edited at random. Of each edited file, what is found in the context that was
derived must be what a run over the whole finds; and whoever is judged otherwise than before must be among
those who, by the changed triples alone, are said to be affected.
"""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

from communique import DialogueGraph, release
from communique.context.surroundings import Described, Surroundings, load, reachable, stated_in
from communique.layout import FOLDERS, Layout
from communique.located.turtle import quiet_terms
from communique.namespaces import BASE, TERM
from communique.store import protocol
from communique.store.embedded import EmbeddedStore
from communique.store.stated import StatedEndpoint, StatedStore
from communique.validation.changes import readers_of
from communique.validation.judge import footprint_of, shapes_of, validate
from communique.validation.shacl import Result, StatedGraph, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from rdflib.term import Node

    from communique.context.surroundings import Triple
    from communique.store.stated import Stated

SHIPPED = Layout.shipped()
SHAPES = shapes_of(SHIPPED)
Files = dict[str, set["Triple"]]
ROUND = "data/readouts/ustr/ustr-2024-02-task-force-round-1.ttl"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with quiet_terms():
        yield


def original() -> Files:
    """Return the shipped files, as few sources as tell of everything: two publishers'."""
    return {
        name: set(load(path))
        for name, path in SHIPPED.stated_files()
        if "/readouts/" not in name or "/ustr/" in name or "/meti/" in name
    }


def in_order(triples: Iterable[Triple]) -> list[Triple]:
    return sorted(triples, key=lambda triple: [term.n3() for term in triple])


def graph_of(triples: Iterable[Triple]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph


def write(files: Files, root: Path) -> StatedStore:
    """Return what the files state, by way of files."""
    paths = {}
    for name, triples in files.items():
        paths[name] = root / name
        paths[name].parent.mkdir(parents=True, exist_ok=True)
        paths[name].write_text(
            "".join(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in in_order(triples)), "utf-8"
        )
    return StatedStore.of_files(paths)


def edit(files: Files, rng: random.Random) -> None:
    """Change something at random in one of the files of data."""
    name = rng.choice(sorted(name for name in files if name.startswith("data/") and files[name]))
    triples = files[name]
    subject, predicate, obj = rng.choice(in_order(triples))
    nodes = sorted({str(one) for found in files.values() for one, _, _ in named(found)})
    classes = [
        URIRef(TERM + kind) for kind in ("Day", "Readout", "Participation", "Round", "Dialogue", "Source")
    ]
    match rng.randrange(7):
        case 0:
            triples.discard((subject, predicate, obj))
        case 1:
            triples.discard((subject, predicate, obj))
            triples.add((subject, predicate, URIRef(rng.choice(nodes))))
        case 2:
            twin = URIRef(f"{subject}-twin")
            triples.update({(twin, prop, value) for one, prop, value in triples if one == subject})
        case 3:
            triples.difference_update(
                {(one, p, o) for one, p, o in triples if one == subject and p == RDF.type}
            )
            triples.add((subject, RDF.type, rng.choice(classes)))
        case 4:
            triples.difference_update({triple for triple in triples if triple[0] == subject})
        case 5:
            triples.add((subject, URIRef(rng.choice(sorted({str(p) for _, p, _ in triples}))), obj))
        case 6:
            literals = [triple for triple in in_order(triples) if isinstance(triple[2], Literal)]
            if literals:
                subject, predicate, literal = rng.choice(literals)
                triples.discard((subject, predicate, literal))
                written = rng.choice([str(literal)[::-1], "01", "2024-02-30", "", f"{literal} "])
                triples.add((subject, predicate, literal_like(literal, written)))


def literal_like(literal: Node, written: str) -> Literal:
    assert isinstance(literal, Literal)
    return Literal(written, lang=literal.language, datatype=literal.datatype, normalize=False)


def found(triples: Iterable[Triple], focus: AbstractSet[Node]) -> set[Result]:
    graph = StatedGraph()
    for triple in triples:
        graph.add(triple)
    return set(judge(graph, SHAPES, focus))


def named(triples: Iterable[Triple]) -> set[Triple]:
    """Return the triples without blank nodes: those have another name each time that a file is read."""
    return {triple for triple in triples if not any(isinstance(term, BNode) for term in triple)}


def subjects(triples: Iterable[Triple]) -> set[Node]:
    return {subject for subject, _, _ in triples}


@pytest.mark.parametrize("seed", range(20))
def test_random_edits_are_judged_as_by_a_run_over_the_whole(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same edits in each run
    before = original()
    after = {name: set(triples) for name, triples in before.items()}
    for _ in range(6):
        edit(after, rng)
    stated = write(after, tmp_path)
    everything = set().union(*after.values())
    judged = subjects(
        triple for name, triples in after.items() if name.startswith("data/") for triple in triples
    )
    expected = found(everything, judged)
    assert expected, "no edit is a fault, so nothing was compared"

    changed = [name for name in after if after[name] != before[name]]
    others = [name for name in after if name.startswith("data/") and name not in changed]
    for name in [*changed, *rng.sample(others, 2)]:
        own = graph_of(after[name])
        focus = subjects(after[name])
        around = Surroundings({tmp_path / name: own}, stated, tmp_path)
        context = reachable(focus, around, footprint_of(SHAPES), [])
        assert context.whole is None
        rest = {triple for triple in context.triples if triple[0] not in focus}
        # A subject that two files describe is judged by the file alone: leave the whole alone as well.
        if not any(focus & subjects(after[other]) for other in after if other != name):
            assert found(rest | after[name], focus) == {one for one in expected if one.focus in focus}
        assert len(rest) < len(everything) / 3 or name.startswith("data/register/")

    readers = readers_of(
        set().union(*before.values()) ^ everything, Surroundings({}, stated, tmp_path), SHIPPED
    )
    standing = judged & subjects(set().union(*before.values()))
    earlier = found(set().union(*before.values()), standing)
    otherwise = {one.focus for one in earlier ^ {one for one in expected if one.focus in standing}}
    assert otherwise <= readers
    assert len(readers & judged) < len(judged)


def test_the_context_of_a_record_is_small_and_of_other_files() -> None:
    path = SHIPPED.root / ROUND
    own = graph_of(load(path))
    focus = set(own.subjects())
    around = Surroundings({path: own}, stated_in(SHIPPED, [path]), SHIPPED.root)
    rest = {
        triple
        for triple in reachable(focus, around, footprint_of(SHAPES), []).triples
        if triple[0] not in focus
    }
    assert (
        URIRef(BASE + "person/katy-mastman"),
        RDF.type,
        URIRef("http://xmlns.com/foaf/0.1/Person"),
    ) in rest
    assert (URIRef(TERM + "Round"), RDFS.subClassOf, URIRef(TERM + "Occasion")) in rest
    assert not any(BASE + "source/meti" in str(subject) for subject, _, _ in rest)
    assert len(rest) < 300


def test_a_value_stands_in_the_context_as_it_was_written(tmp_path: Path) -> None:
    subject, prop = URIRef("urn:a"), URIRef("urn:p")
    typed = [
        ("01", "integer"),
        ("1.10", "decimal"),
        ("1", "boolean"),
        ("2024-02-05+09:00", "date"),
        ("x", "integer"),
    ]
    values = [Literal(text, datatype=XSD[kind], normalize=False) for text, kind in typed]
    written: set[Triple] = {
        (subject, prop, value) for value in [*values, Literal("Japan", lang="en"), Literal("x")]
    }
    stated = write({"data/読み 1%20.ttl": written}, tmp_path)
    assert stated.names() == {"data/読み 1%20.ttl"}
    assert stated.has("data/読み 1%20.ttl")
    assert list(stated.homes(protocol.Iri("urn:a"))) == ["data/読み 1%20.ttl"]
    around = Surroundings({}, stated, tmp_path)
    assert set(around.everything()) == written
    for triple in written:
        assert set(around.read({(True, prop): {triple[2]}})) == {triple}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    DialogueGraph.open().build(folder)
    return folder


def from_release(folder: Path) -> Stated:
    built = release.current(folder)
    assert built is not None
    stated = release.stated_in(Layout.at(built))
    assert stated is not None
    return stated


def from_endpoint(folder: Path) -> Stated:
    built = release.current(folder)
    assert built is not None
    return StatedEndpoint(EmbeddedStore(built / "store"))


@pytest.mark.parametrize("source", [from_release, from_endpoint])
def test_a_release_and_an_endpoint_give_the_context_that_the_files_give(
    source: Callable[[Path], Stated], released: Path
) -> None:
    stated = source(released)
    names = [
        ROUND,
        "data/register/occasions.ttl",
        "data/register/bodies-us.ttl",
        "ontology/concepts/role.ttl",
    ]
    for path in (SHIPPED.root / name for name in names):
        own = graph_of(load(path))
        focus = set(own.subjects())
        contexts = [
            {
                triple
                for triple in reachable(
                    focus, Surroundings({path: own}, one, SHIPPED.root), footprint_of(SHAPES), []
                ).triples
                if triple[0] not in focus
            }
            for one in (stated_in(SHIPPED), stated)
        ]
        assert contexts[0] == contexts[1]


def test_a_release_keeps_what_is_derived_and_linked_apart(released: Path) -> None:
    stated = from_release(released)
    files = [triple for _, path in SHIPPED.stated_files() for triple in load(path)]
    kept = list(Surroundings({}, stated, SHIPPED.root).everything())
    assert len(kept) == len(files)
    assert named(kept) == named(files)
    assert stated.names() == {name for name, _ in SHIPPED.stated_files()}
    assert stated.homes(protocol.Iri(BASE + "person/katy-mastman")) == ["data/register/people.ttl"]


def test_a_record_is_judged_against_a_release_or_a_folder(
    released: Path, tmp_path: Path, graph: DialogueGraph
) -> None:
    text = (
        (SHIPPED.root / ROUND)
        .read_text(encoding="utf-8")
        .replace("person:katy-mastman", "person:katy-mastmann")
    )
    copy = tmp_path / "checkout" / ROUND
    copy.parent.mkdir(parents=True)
    copy.write_text(text, encoding="utf-8")
    for against in (None, released, SHIPPED.root):
        # A file of the same name in another checkout takes the place of the graph's own.
        report = graph.validate(copy, against=against)
        assert {finding.rule for finding in report} == {"Participation-participant"}
        assert {finding.meant for finding in report} == {"person:katy-mastman"}
    added = tmp_path / "added.ttl"
    added.write_text(text, encoding="utf-8")
    rules = {finding.rule for finding in graph.validate(added, against=released)}
    assert rules == {"Participation-participant", "described-once"}


def test_what_is_not_read_is_still_named() -> None:
    """Labels are looked up beyond the context: judging a type does not read them."""
    node = URIRef(BASE + "topic/forced-labor")
    around = Surroundings({}, stated_in(SHIPPED), SHIPPED.root)
    near = Graph()
    assert list(Described(near, around).objects(URIRef(BASE + "concept/topic/forced-labor")))
    assert not list(Described(near, around).objects(node))
    alike = around.like(URIRef(BASE + "government/japn"))
    assert {URIRef(BASE + "government/japan"), URIRef(BASE + "government/united-states")} <= alike
    assert all(str(iri).startswith(BASE + "government/") for iri in alike)


def test_checks_are_read_for_and_the_whole_is_taken_where_they_cannot_be(tmp_path: Path) -> None:
    root = tmp_path / "graph"
    for name in FOLDERS:
        shutil.copytree(SHIPPED.root / name, root / name)
    layout = Layout.at(root)
    checks = root / "queries" / "checks" / "data"
    checks.mkdir(exist_ok=True)
    header = "PREFIX cmq: <https://w3id.org/communique/ontology#>\n"
    message = 'BIND ("Too much was said." AS ?message)'
    checks.joinpath("followed.rq").write_text(
        f"{header}SELECT ?focus ?message WHERE {{\n"
        f"  ?readout cmq:mentions/cmq:participant ?focus ; cmq:about/cmq:partOf ?round . {message}\n}}\n",
        encoding="utf-8",
    )
    checks.joinpath("not-followed.rq").write_text(
        f"{header}SELECT ?focus ?message WHERE {{\n"
        "  { SELECT ?focus (COUNT(?x) AS ?n) WHERE { ?x cmq:participant ?focus } GROUP BY ?focus }\n"
        f"  FILTER (?n > 3) {message}\n}}\n",
        encoding="utf-8",
    )
    people = root / "data" / "register" / "people.ttl"
    both = {(finding.rule, finding.focus) for finding in validate([people], layout=layout)}
    assert {rule for rule, _ in both} == {"followed", "not-followed"}
    checks.joinpath("not-followed.rq").unlink()
    one = {(finding.rule, finding.focus) for finding in validate([people], layout=layout)}
    assert one == {found for found in both if found[0] == "followed"}
