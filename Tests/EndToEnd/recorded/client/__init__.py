"""Every method of the released Python client, called in a fixed order.

Each module is an area of the client. Their scenarios share a server and nothing else: every area
has projects, datasets and prompts of its own.
"""

from .annotations import annotations
from .datasets import datasets, examples, tables
from .experiments import experiments, running
from .projects import projects
from .prompts import conversions, prompts, versions
from .sessions import sessions
from .spans import spans
from .traces import traces

#: In the order of their run: projects first, since that lists whatever there is.
SCENARIOS = [
    projects,
    spans,
    traces,
    sessions,
    annotations,
    datasets,
    examples,
    tables,
    experiments,
    running,
    prompts,
    versions,
    conversions,
]
