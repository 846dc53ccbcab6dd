#ifndef CNUMA_H
#define CNUMA_H
#include <stdbool.h>

// libnuma, loaded when it is first asked: linking it would make every start slower, and it need not be installed.

/// Whether libnuma is there and says that the kernel has NUMA. Not to be called from two threads at once.
bool cnuma_is_available(void);

// The others may be called where cnuma_is_available() has said yes.

/// The size of a node's memory in bytes, -1 where there is none; `free_bytes` is set with it.
long long cnuma_node_size(int node, long long *_Nonnull free_bytes);

/// The distance between two nodes, 10 being local; 0 where libnuma does not know it.
int cnuma_distance(int from, int to);

#endif
