#include "CBuild.h"
#include <stddef.h>

#ifndef ADVISOR_COMMIT
#define ADVISOR_COMMIT NULL
#endif
#ifndef ADVISOR_COMPILER
#define ADVISOR_COMPILER NULL
#endif

const char *cbuild_commit(void) { return ADVISOR_COMMIT; }

const char *cbuild_compiler(void) { return ADVISOR_COMPILER; }
