#include "CNuma.h"
#include <dlfcn.h>
#include <stddef.h>

static long long (*node_size64)(int, long long *);
static int (*distance)(int, int);

bool cnuma_is_available(void) {
  if (distance) return true;
  void *library = dlopen("libnuma.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return false;
  int (*available)(void) = (int (*)(void))dlsym(library, "numa_available");
  node_size64 = (long long (*)(int, long long *))dlsym(library, "numa_node_size64");
  int (*found)(int, int) = (int (*)(int, int))dlsym(library, "numa_distance");
  // numa(3): before any other function, numa_available() must be asked.
  if (!available || !node_size64 || !found || available() < 0) return false;
  distance = found;
  return true;
}

long long cnuma_node_size(int node, long long *free_bytes) { return node_size64(node, free_bytes); }

int cnuma_distance(int from, int to) { return distance(from, to); }
