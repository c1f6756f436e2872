"""Azure DevOps: work items over REST 7.1."""
