"""The layers of a map, one module a noun: each a function of tables that gives one :class:`Layer`."""
