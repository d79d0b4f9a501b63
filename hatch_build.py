"""Dependencies of the package are those of requirements.in: one list, no second copy."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class FromRequirements(MetadataHookInterface):
    def update(self, metadata: dict[str, object]) -> None:
        lines = Path(self.root, "requirements.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [line for line in lines if line and not line.startswith("#")]
