"""--undo: put back what a run changed, latest act first."""

from pathlib import Path

from wizard.arguments import Arguments
from wizard.engine.files.files_as_root import file_system_for
from wizard.engine.journal.journal import Journal, open_journal
from wizard.engine.journal.localrc_copy import take_block_out
from wizard.engine.journal.records import Phase, TreeMade
from wizard.engine.journal.undo import Undone, undo
from wizard.engine.journal.unstacking import Unstacking
from wizard.engine.journal.venv_judgement import judge
from wizard.engine.lock.holder import this_process
from wizard.engine.lock.lock import acquire
from wizard.engine.machine import HostReader
from wizard.engine.planning.survey import caller, reader
from wizard.engine.runs import runs
from wizard.engine.runs.runs import Request
from wizard.model.events import Finding, Reversed, ReversedState, RunFinished
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.modes.rendering import Renderer


def run(given: Arguments, renderer: Renderer) -> ExitStatus:
    """Undo the run that is named, or the last one that there is something of to undo."""
    who = caller()
    folder = runs.find_undoable(who, given.root, given.run)
    if isinstance(folder, Problem):
        return renderer.refuse([folder])
    if folder is None:
        renderer.emit(RunFinished(0, 0.0, "There is nothing to undo."))
        return ExitStatus.DONE
    request = runs.request(folder)
    if isinstance(request, Problem):
        return renderer.refuse([request])
    host = reader(who, given.root, request.user)
    targets = [host.resolve(path) for path in (request.venv, request.local_conf)]
    lock = acquire(targets, this_process(folder.name, str(folder)))
    if isinstance(lock, Problem):
        return renderer.refuse([lock])
    journal = open_journal(folder)
    if isinstance(journal, Problem):
        lock.release()
        return renderer.refuse([journal])
    try:
        undone = _undone(folder, request, host, journal)
    finally:
        journal.close()
        lock.release()
    return _report(undone, folder, renderer)


def _undone(folder: Path, request: Request, host: HostReader, journal: Journal) -> Undone | Problem:
    """Stop what runs in the venv, then put everything back."""
    unstacking = Unstacking(host, request.venv, journal.entries)
    stopped = unstacking.stop(folder)
    if isinstance(stopped, Problem):
        return stopped
    is_stacked = bool(unstacking.checkout)

    def judge_tree(record: TreeMade, phase: Phase) -> Problem | None:
        return judge(host.resolve(record.path), record, phase, is_stacked=is_stacked)

    file_system = file_system_for(host.run, are_root=host.is_root)
    undone = undo(
        journal,
        resolve=host.resolve,
        file_system=file_system,
        judge_tree=judge_tree,
        package_manager=request.package_manager,
    )
    undone.done[:0] = filter(None, (stopped,))
    retold = take_block_out(host.resolve(request.local_conf), file_system)
    if isinstance(retold, Problem):
        undone.problems.append(retold)
    elif retold:
        undone.done.append(retold)
    return undone


def _report(undone: Undone | Problem, folder: Path, renderer: Renderer) -> ExitStatus:
    if isinstance(undone, Problem):
        return renderer.refuse([undone])
    for what in undone.done:
        renderer.emit(Reversed(what, ReversedState.DONE))
    for what in undone.stays:
        renderer.emit(Reversed(what, ReversedState.STAYS))
    for problem in undone.problems:
        where = f"{problem.where}: " if problem.where else ""
        renderer.emit(Finding("needs-person", where + problem.what, problem.cure))
    if undone.nothing:
        words = f"Nothing of run {folder.name} is left to undo."
    elif undone.problems:
        words = f"Run {folder.name} is undone but for {len(undone.problems)} that need a person."
    else:
        words = f"Run {folder.name} is undone."
    renderer.emit(RunFinished(undone.status, 0.0, words))
    return undone.status
