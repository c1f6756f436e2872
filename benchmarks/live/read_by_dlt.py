"""The same reading by dlt's rest_api source: extracted only, neither normalized nor loaded anywhere."""

from __future__ import annotations

from counted import measured, told
from dlt.sources.rest_api import rest_api_resources

asked = told()


def read() -> dict[str, int]:
    """The project, and every issue of it."""
    issues = {
        "path": "issues.json",
        "params": {
            "project_id": asked["number"],
            "status_id": "*",
            "sort": "updated_on,id",
            "include": "relations",
        },
        "data_selector": "issues",
        "paginator": {"type": "offset", "limit": 100, "total_path": "total_count"},
    }
    project = {
        "path": f"projects/{asked['project']}.json",
        "params": {"include": "trackers"},
        "data_selector": "project",
        "paginator": "single_page",
    }
    config = {
        "client": {
            "base_url": f"{asked['url']}/",
            "auth": {
                "type": "api_key",
                "name": "X-Redmine-API-Key",
                "api_key": asked["key"],
                "location": "header",
            },
        },
        "resources": [
            {"name": "project", "endpoint": project},
            {"name": "issues", "endpoint": issues},
        ],
    }
    return {resource.name: sum(1 for _ in resource) for resource in rest_api_resources(config)}


measured(read)
