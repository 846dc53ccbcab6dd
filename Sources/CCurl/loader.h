#ifndef CCURL_LOADER_H
#define CCURL_LOADER_H
#include <curl/curl.h>

// Every function of libcurl that is called, without its prefix.
#define CCURL_FUNCTIONS(X)                                                                                             \
  X(global_init) X(easy_init) X(easy_cleanup) X(easy_perform) X(easy_strerror) X(easy_setopt) X(easy_getinfo)          \
  X(multi_init) X(multi_cleanup) X(multi_setopt) X(multi_add_handle) X(multi_remove_handle) X(multi_perform)           \
  X(multi_poll) X(multi_info_read) X(multi_strerror) X(easy_pause) X(easy_header) X(slist_append) X(slist_free_all)

struct ccurl_functions {
#define DECLARE(name) __typeof__(curl_##name) *name;
  CCURL_FUNCTIONS(DECLARE)
#undef DECLARE
};

extern struct ccurl_functions ccurl;

#endif
