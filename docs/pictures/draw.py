"""Draws the pictures of answers that the pages show; run `python docs/pictures/draw.py` to draw them anew."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from communique import DialogueGraph
from communique.tables import print_disagreements

HERE = Path(__file__).parent
_WIDTH = 112
_REMOTE_FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def disagreements(graph: DialogueGraph) -> str:
    """Return the picture of where the accounts of the second government dialogue differ on its day."""
    console = Console(
        record=True, width=_WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    answer = graph.disagreements("us-japan-labor-task-force-round-2-government", property="first-day")
    print_disagreements(answer, console)
    drawn = console.export_svg(
        title="communique disagreements us-japan-labor-task-force-round-2-government -p property=first-day"
    )
    # A picture that fetches a font would tell a stranger's server who reads the page.
    lines = _REMOTE_FONT.sub("", drawn).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def main() -> None:
    """Write the pictures beside this file."""
    (HERE / "disagreements.svg").write_text(disagreements(DialogueGraph.open()), encoding="utf-8")


if __name__ == "__main__":
    main()
