// stream KIND THREADS MEGABYTES PASSES: each thread goes over arrays of its own (triad, copy or sum), MEGABYTES each.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char *kind;
static size_t length;
static int passes;

static void *worker(void *unused) {
  double *a = malloc(length * 8), *b = malloc(length * 8), *c = malloc(length * 8), total = 0;
  for (size_t i = 0; i < length; i++) a[i] = b[i] = c[i] = i;
  for (int pass = 0; pass < passes; pass++) {
    if (!strcmp(kind, "triad")) for (size_t i = 0; i < length; i++) a[i] = b[i] + 3 * c[i];
    if (!strcmp(kind, "copy")) memcpy(pass % 2 ? a : b, c, length * 8);
    if (!strcmp(kind, "sum")) for (size_t i = 0; i < length; i += 8) total += a[i] + b[i] + c[i];
    __asm__ volatile("" : : "r"(a), "r"(b), "x"(total) : "memory");
  }
  free(a), free(b), free(c);
  return unused;
}

int main(int count, char **words) {
  if (count != 5) return 64;
  kind = words[1];
  int threads = atoi(words[2]);
  length = atof(words[3]) * 131072;
  passes = atoi(words[4]);
  pthread_t team[threads];
  for (int number = 0; number < threads; number++) pthread_create(&team[number], 0, worker, 0);
  for (int number = 0; number < threads; number++) pthread_join(team[number], 0);
}
