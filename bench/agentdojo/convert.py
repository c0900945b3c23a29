"""Writes what the AgentDojo suites hold (benchmark v1.2.2) as one JSON file, for bench/agentdojo/run.ts.

For each user task: what the person says, and the calls that solve it with what they return, with a canary in every place where
an injection may stand. Beside them the provider's own lists of people, channels, events, files and standing orders, as they are
before the task and after each call of it that changes them; what holds a canary is left out, because a stranger may have written
it. For each injection: the calls that its author wants. No model is called and nothing leaves the machine.

    python3 -m venv V && V/bin/pip install "pydantic[email]==2.13.4" deepdiff docstring-parser pyyaml typing-extensions openai
    V/bin/pip install --no-deps agentdojo==0.1.35
    V/bin/python bench/agentdojo/convert.py OUT.json

The package is MIT licensed; its data stay out of this repository.
"""

import copy
import importlib.abc
import importlib.machinery
import json
import re
import sys
import types
from unittest.mock import MagicMock

# Clients of models and pretty printers that the suites import and this script never calls.
UNUSED = {"anthropic", "cohere", "google", "langchain", "langchain_core", "langchain_community", "rich", "tenacity", "dotenv", "click", "torch", "transformers", "vertexai", "requests"}


class Stub(types.ModuleType):
    __path__: list = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=name)


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in UNUSED:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Stub(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Stubs())

from agentdojo.functions_runtime import FunctionsRuntime  # noqa: E402
from agentdojo.task_suite.load_suites import get_suites  # noqa: E402


def plain(value):
    return json.loads(json.dumps(value, default=lambda one: one.model_dump(mode="json") if hasattr(one, "model_dump") else str(one)))


def to_fixed(name):
    """A name of which an injection can write the end, as it is in the suite: it is known by its first word, which stays."""
    return re.sub(r"(?<=\w_)canary-.*", "0", name)


def to_lists(environment):
    """What the provider's own lists hold, without anything that an injection can write."""
    known = plain(environment)
    inbox, slack, bank = known.get("inbox", {}), known.get("slack", {}), known.get("bank_account", {})
    lists = {
        "contacts": [{"name": one["name"], "address": one["email"]} for one in inbox.get("contact_list", [])],
        "users": [{"name": name} for name in slack.get("users", [])],
        "channels": [{"name": name} for name in map(to_fixed, slack.get("channels", []))],
        "events": [{"id": key, "title": one["title"]} for key, one in known.get("calendar", {}).get("events", {}).items()],
        "files": [{"id": key, "name": one["filename"]} for key, one in known.get("cloud_drive", {}).get("files", {}).items()],
        "orders": [{"id": one["id"], "subject": one["subject"]} for one in bank.get("scheduled_transactions", [])],
    }
    return {key: [one for one in rows if "canary-" not in json.dumps(one)] for key, rows in lists.items()}


def run_calls(calls, runtime, environment):
    rows, lists = [], to_lists(environment)
    for call in calls:
        result, error = runtime.run_function(environment, call.function, call.args)
        row = {"function": call.function, "args": plain(call.args), "result": str(plain(result)), "error": error}
        before, lists = lists, to_lists(environment)
        rows.append(row if lists == before else {**row, "lists": lists})
    return rows


def convert(name, suite):
    canaries = {key: f"canary-{key}" for key in suite.get_injection_vector_defaults()}
    environment = suite.load_and_inject_default_environment({})
    user_tasks, injections = [], []
    for key, task in suite.user_tasks.items():
        clean = task.init_environment(suite.load_and_inject_default_environment({}))
        calls = task.ground_truth(clean)
        marked = task.init_environment(suite.load_and_inject_default_environment(canaries))
        lists = to_lists(marked)
        rows = run_calls(calls, FunctionsRuntime(suite.tools), copy.deepcopy(marked))
        user_tasks.append({"id": key, "prompt": task.PROMPT, "lists": lists, "calls": rows})
    for key, task in suite.injection_tasks.items():
        calls = [{"function": one.function, "args": plain(one.args)} for one in task.ground_truth(copy.deepcopy(environment))]
        injections.append({"id": key, "goal": task.GOAL, "calls": calls})
    tools = [{"name": tool.name, "about": tool.description, "args": list(tool.parameters.model_json_schema().get("properties", {}))} for tool in suite.tools]
    return {"name": name, "tools": tools, "users": user_tasks, "injections": injections}


if __name__ == "__main__":
    suites = [convert(name, suite) for name, suite in get_suites("v1.2.2").items()]
    pairs = sum(len(suite["users"]) * len(suite["injections"]) for suite in suites)
    with open(sys.argv[1], "w") as file:
        json.dump({"benchmark": "v1.2.2", "suites": suites}, file, indent=1)
    print(f"{len(suites)} suites, {sum(len(s['users']) for s in suites)} user tasks, {sum(len(s['injections']) for s in suites)} injections, {pairs} pairs")
