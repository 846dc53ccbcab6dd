// loops ROUNDS MILLISECONDS: OpenMP loops of so much work a round, with OMP_NUM_THREADS threads.
#include <stdlib.h>

#include "work.h"

int main(int count, char **words) {
  if (count != 3) return 64;
  double each = atof(words[2]) / 64;
  for (int round = atoi(words[1]); round > 0; round--) {
#pragma omp parallel for
    for (int part = 0; part < 64; part++) work(each);
  }
}
