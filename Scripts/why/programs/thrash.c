// thrash FILE|- MEGABYTES TOUCHES: touches pages at random, of a file (read) or of its own memory (written), which a limit keeps out.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "work.h"

int main(int count, char **words) {
  if (count != 4) return 64;
  size_t pages = strtoul(words[2], 0, 10) * 256;
  int own = !strcmp(words[1], "-"), file = own ? -1 : open(words[1], O_RDONLY);
  if (!own) posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  char *memory = mmap(0, pages << 12, own ? PROT_READ | PROT_WRITE : PROT_READ, own ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) return 1;
  madvise(memory, pages << 12, MADV_RANDOM);
  for (size_t page = 0; own && page < pages; page++) memory[page << 12] = 1;
  unsigned sum = 0;
  uint64_t place = 1;
  for (long left = atol(words[3]); left > 0; left--) {
    place = place * 6364136223846793005u + 1442695040888963407u;
    char *page = memory + ((place >> 33) % pages << 12);
    if (own) *page = left;
    sum += *page;
    work(0.01);
  }
  return sum == 42;
}
