"""Names that nobody outside may set: of our own states and decisions, and those that Prefect would act on."""

PROTECTED = (
    "status", "state", "approved_by", "approved", "location", "baseline", "dry_run", "digest", "entered_by",
    "office", "access", "band", "verdict", "until", "elected", "standing", "id", "run", "flow", "parameters",
    "__prefect_kind", "$ref", "__proto__",
)  # fmt: skip
