#pragma once
#include <stdint.h>

/// How often memory was asked for since the program started, by any thread.
uint64_t callocations_count(void);
