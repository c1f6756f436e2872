"""OpenProject: work packages over APIv3."""
