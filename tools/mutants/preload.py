"""What mutmut imports once and every mutant inherits: other people's packages and generated code,
nothing that is mutated.
"""

import gc
import importlib
import pkgutil

import infobip_voice_client
import infobip_voice_schema

OTHERS = (
    "_pytest.assertion.rewrite", "asyncio", "attrs", "httpx", "hypothesis", "hypothesis_jsonschema", "jsonschema_rs",
    "lxml.etree", "msgspec", "pytest", "rich.progress", "sqlite3", "uvicorn",
)  # fmt: skip

for name in OTHERS:
    importlib.import_module(name)
for package in (infobip_voice_client, infobip_voice_schema):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
gc.freeze()  # spares each mutant the search for garbage in all of that
