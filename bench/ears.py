"""Part one, the ears: how well they hear and what they cost, beside the limits of the project and a peer."""

from collections.abc import Callable
from pathlib import Path

from bench import ears_cost, ears_quality, peer
from bench.harness import machine_line, one_core
from bench.stage import set_up
from intents.model_file import save_model


def run(runs: int, sets: Path | None, tell: Callable[[str], None]) -> str:
    """Measure everything; the section of the page as Markdown. `sets` is a folder with public sets."""
    tell("Learning the peer ...")
    with one_core():
        stage = set_up(runs)
    head = (
        f"{machine_line()} Measured on one of the cores, {runs} runs in alternating order. "
        f"{len(stage.data.examples)} lines learned, {len(stage.split)} tested. {peer.NAME} "
        "The *yardstick* is a fixed piece of work timed between the runs: the wider it spreads, the busier the machine "
        "was with other things.\n"
    )
    parts = ["## Ears\n", head, *(f"{sentence}\n" for sentence in stage.encoders.missing)]
    tell("Training, first every line encoded anew ...")
    model, training = ears_cost.training(stage)
    save_model(model, stage.model_file)
    parts += ["### Training\n", training]
    measurements: dict[str, Callable[[], str]] = {
        "Accuracy on the test split": lambda: ears_quality.accuracy(stage, model),
        "What is not understood": lambda: ears_quality.abstention(stage, model),
        "One message": lambda: ears_cost.latency(stage, model),
        "Loading and memory": lambda: ears_cost.serving(stage),
        "An intent added with eight examples": lambda: ears_quality.added(stage),
        "Public sets, ten examples an intent": lambda: ears_quality.public(stage, sets),
    }
    for title, measure in measurements.items():
        tell(f"{title} ...")
        with one_core():
            parts += [f"### {title}\n", measure()]
    return "\n".join(parts)
