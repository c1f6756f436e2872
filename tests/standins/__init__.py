"""Stand-ins for vendors' servers, each call and answer held against the vendor's own description."""
