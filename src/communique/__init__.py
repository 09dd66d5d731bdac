"""An open knowledge graph of government dialogues: who met, chaired by whom, according to which source."""

__version__ = "0.1.0"
__all__ = ["Answer", "CommuniqueError", "DialogueGraph", "__version__"]

from communique.errors import CommuniqueError
from communique.graph import DialogueGraph
from communique.questions.answers import Answer
