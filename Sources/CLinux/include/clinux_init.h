#pragma once

/// In the first process of a container (PID 1), has a child do the work from here on; returns at once in any other process.
///
/// The first process inherits all that lose their parents, and has no default actions of signals. It hands signals on, reaps
/// what it inherits, and ends as the child does: with its status, or 128 and the signal that has ended it.
void clinux_work_below_init(void);
