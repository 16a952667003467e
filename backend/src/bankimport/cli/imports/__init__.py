"""Commands about imports.

imports    `plan`, `import`, `status` and `history`
control    `pause`, `resume`, `cancel`, `retry`, `undo`, `redo` and `queue`
dry_run    `diff`, `commit` and `discard`
rejected   `rejected`
schedules  `schedules`
progress   follow a running import in the terminal
"""
