"""One service: refused or started, tried, and what was proven of it kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple, TextIO

from dockerlint.hardening.receipts import dockerfile_digest, setup_of
from dockerlint.model.container.container import Container
from dockerlint.prove.host.composed import ComposedProject
from dockerlint.prove.host.engine import Engine
from dockerlint.prove.host.images import LocalImage, find_image
from dockerlint.prove.host.interrupts import held_back
from dockerlint.prove.host.marks import Marks, new_marks, remove
from dockerlint.prove.layers.proof import NotProven, Proof
from dockerlint.prove.layers.steps import Subject, prove_layers, users_in
from dockerlint.prove.options import ProveOptions
from dockerlint.prove.plan import plan
from dockerlint.prove.project import ProvenProject
from dockerlint.prove.receipt import Origin, facts_text, receipt_text
from dockerlint.prove.screen import TrialScreen
from dockerlint.prove.store import keep_receipt
from dockerlint.prove.trials.building import build_image, require_bases
from dockerlint.prove.trials.copies import Copier, host_files
from dockerlint.prove.trials.refusing import refusals, stored_refusals
from dockerlint.prove.trials.sandbox import Sandbox
from dockerlint.prove.trials.trial import Trials
from dockerlint.report.screen import harmless
from dockerlint.workspace.discovery import shown
from dockerlint.workspace.door import leads_inside


class ProveSetting(NamedTuple):
    """What all services of a run have in common."""

    engine: Engine
    version: str
    project: ProvenProject
    composed: ComposedProject
    options: ProveOptions
    stdout: TextIO


def prove_service(name: str, around: ProveSetting, screen: TrialScreen) -> None:
    """Prove one service and keep its receipt; raises NotProven or UserError."""
    options, engine = around.options, around.engine
    marks = new_marks(options.seconds)
    try:
        sandbox = open_sandbox(name, around, marks)
        image = sandbox.images[name]
        screen.line(f"service {name}  {image.reference}  {_short(image)}")
        if not sandbox.has_check and not options.tests:
            raise NotProven("nothing tells whether it works: it needs a health check, or --test 'COMMAND'")
        if options.is_dry:
            screen.lines(plan(sandbox, options))
        else:
            _try(name, around, sandbox, marks, screen)
    finally:
        if not options.is_dry:
            with held_back():
                remove(engine, marks.token)


def _try(name: str, around: ProveSetting, sandbox: Sandbox, marks: Marks, screen: TrialScreen) -> None:
    options, began = around.options, time.monotonic()
    container = around.project.container(name)
    trials = open_trials(sandbox, around, marks)
    proof = Proof(trials, screen, began + options.seconds)
    subject = _subject(sandbox, container)
    prove_layers(proof, subject, is_used=bool(options.tests))
    took = time.monotonic() - began
    screen.lines(_summary(proof, took))
    if container is None:
        return
    origin = _origin(name, container, sandbox.images[name], around.version, took)
    path = keep_receipt(around.project, name, receipt_text(origin, proof, screen.mask))
    screen.line(f"  receipt: {shown(path)}")
    if options.exports:
        around.stdout.write(harmless(facts_text(origin, proof, subject)))


def open_trials(sandbox: Sandbox, around: ProveSetting, marks: Marks) -> Trials:
    """What runs the trials of a service; raises NotCopied for a host file that is not the project's."""
    files = host_files(around.composed, sandbox.names, partial(_may_read, around.project))
    copier = Copier(around.engine, marks, files, sandbox.images[sandbox.service].reference)
    return Trials(around.engine, sandbox, marks, copier, around.options.tests)


def open_sandbox(name: str, around: ProveSetting, marks: Marks) -> Sandbox:
    """What trials of a service start; raises NotProven, and EngineError for images."""
    names = around.composed.needed_by(name)
    _refuse(names, around)
    return Sandbox(around.composed, name, {one: _image(one, around, marks) for one in names}, marks.labels)


def _refuse(names: tuple[str, ...], around: ProveSetting) -> None:
    """Raise NotProven for what would reach the host."""
    for name in names:
        service = around.composed.services[name]
        with_data = around.options.with_data
        whys = [
            *refusals(service, with_data=with_data),
            *stored_refusals(around.composed, service, with_data=with_data),
        ]
        if whys:
            raise NotProven(f"{name} is not started: {'; '.join(whys)}")


def _image(name: str, around: ProveSetting, marks: Marks) -> LocalImage:
    options, service = around.options, around.composed.services[name]
    if service.get("build") and not options.is_dry:
        if not options.may_pull:
            require_bases(around.engine, name, around.project.container(name))
        return build_image(around.engine, around.composed, name, marks)
    reference = str(service.get("image") or f"{around.composed.name}-{name}")
    return find_image(around.engine, reference, may_pull=options.may_pull)


def _may_read(project: ProvenProject, path: str) -> bool:
    """A file of the host belongs to the project."""
    root = project.linter.roots.holding(path)
    return root is not None and leads_inside(path, root)


def _short(image: LocalImage) -> str:
    return (image.digest or image.id)[: len("sha256:") + 12]


def _subject(sandbox: Sandbox, container: Container | None) -> Subject:
    image = None if container is None else container.image
    facts = None if image is None or container is None or container.build is not None else image.facts
    users = () if facts is None else users_in((facts.start_user, facts.unprivileged_user))
    service, own = sandbox.project.services[sandbox.service], sandbox.images[sandbox.service]
    return Subject(service, own, users, has_own_data=_has_own_data(service, own))


def _has_own_data(service: Mapping[str, Any], image: LocalImage) -> bool:
    """All that it writes to is a copy of the user's files."""
    mounts = service.get("volumes") or ()
    return not image.volumes and all(one.get("read_only") or one.get("type") == "bind" for one in mounts)


def _origin(name: str, container: Container, image: LocalImage, version: str, took: float) -> Origin:
    built = container.build is not None
    return Origin(
        service=name,
        image="" if built or container.image is None else str(container.image.reference),
        local=image,
        dockerfile=(dockerfile_digest(container) or "") if built else "",
        setup=setup_of(container),
        engine=version,
        date=date.today().isoformat(),
        seconds=took,
    )


def _summary(proof: Proof, took: float) -> Iterator[str]:
    """What was proven and what was not."""
    yield f"  proven in {proof.trials.count} trials, {took:.0f} s: {proof.proven.words()}"
    yield from (f"  needs {one.of}: {one.phase}: {one.line}" for one in proof.lacks)
    yield from (f"  not proven: {one.layer}: {one.why}" for one in proof.notes)
