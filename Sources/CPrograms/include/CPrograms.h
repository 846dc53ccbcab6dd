#pragma once

/// Programs in Python, each one source of several files: the first imports, and the last starts it.

/// Drives Dask.
const char *_Nonnull cprograms_dask(void);
/// What workers of Dask's and Slurm's import: it runs tasks.
const char *_Nonnull cprograms_tasks(void);
/// Calls a function in interpreters of this machine.
const char *_Nonnull cprograms_host(void);
/// Reads the host's source from its input, and becomes it.
const char *_Nonnull cprograms_host_start(void);
/// Measures what an interpreter's workers cost.
const char *_Nonnull cprograms_costs(void);
