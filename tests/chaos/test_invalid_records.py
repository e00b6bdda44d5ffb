"""A result of megabytes is no result: the trial is invalid and counted, and the others go on."""

import json

from suite.record import Record
from tests.chaos.world import World

ARGUMENTS = ("sweep", "small.json", "--no-mirror", "--slots", "2", "--json")


def test_a_record_that_is_too_large(world: World) -> None:
    answers = json.loads((world.root / "answers.json").read_text())
    trial = next(iter(answers))
    record = Record.from_json(answers[trial])
    huge = record.result.model_copy(update={"curve": record.result.curve * 2000})
    answers[trial] = record.model_copy(update={"result": huge}).to_json()
    assert 2**16 < len(answers[trial]) < 2**20
    (world.root / "answers.json").write_text(json.dumps(answers))
    command = world.start(*ARGUMENTS)
    assert command.end() == 3, command.said
    assert json.loads(command.printed)["outcomes"] == {"invalid": 1, "finished": len(answers) - 1}
    assert "1 invalid" in command.said
    (kept,) = [one for one in world.store.records("small") if one.outcome == "invalid"]
    assert kept.id == record.id
    assert "bytes, and a ledger takes 65,536" in (kept.result.message or "")
