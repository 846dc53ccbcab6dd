#include "loader.h"
#include "include/CCurl.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

struct ccurl_functions ccurl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512];

static void load(void) {
  // The name of the ABI that the header describes, unchanged since 2006.
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(failure, sizeof failure, "%s", dlerror());
    return;
  }
#define RESOLVE(name)                                                                                                  \
  if (!(ccurl.name = dlsym(library, "curl_" #name))) {                                                                 \
    snprintf(failure, sizeof failure, "libcurl.so.4 has no curl_" #name);                                              \
    return;                                                                                                            \
  }
  CCURL_FUNCTIONS(RESOLVE)
#undef RESOLVE
  CURLcode code = ccurl.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) snprintf(failure, sizeof failure, "%s", ccurl.easy_strerror(code));
}

const char *ccurl_load(void) {
  pthread_once(&once, load);
  return failure[0] ? failure : NULL;
}
