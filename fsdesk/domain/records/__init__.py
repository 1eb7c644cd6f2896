"""What units record: values, progress, milestones; checks, versions and figures of them."""
