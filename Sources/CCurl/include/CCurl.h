#ifndef CCURL_H
#define CCURL_H
// libcurl, loaded when it is first wanted: loading it costs some 8 ms of CPU, which no other command should pay.
// The header below is used for its types only; each function that we call has a shim here, which needs `ccurl_load`
// to have succeeded.
#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

/// Loads libcurl and initialises it, once in the life of the process and from any thread.
/// Returns NULL when it is ready, else why it is not.
const char *_Nullable ccurl_load(void);

/// What receives a piece of a body; returns how many bytes it took, fewer to end the transfer.
typedef size_t (*ccurl_writer)(char *_Nonnull bytes, size_t size, size_t count, void *_Nullable context);

CURL *_Nullable ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *_Nonnull easy);
CURLcode ccurl_easy_perform(CURL *_Nonnull easy);
const char *_Nonnull ccurl_easy_strerror(CURLcode code);

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call: one shim for each type of argument.
CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value);
CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, void *_Nullable value);
CURLcode ccurl_set_writer(CURL *_Nonnull easy, ccurl_writer _Nonnull writer, void *_Nullable context);
/// Zero where libcurl does not know.
long ccurl_get_long(CURL *_Nonnull easy, CURLINFO info);
int64_t ccurl_get_offset(CURL *_Nonnull easy, CURLINFO info);
/// What is known of a transfer that has ended: times in microseconds since its start, the delay that the server asks for in
/// seconds; 0 where libcurl does not know.
struct ccurl_figures {
  long status;
  int64_t body_bytes;
  long head_bytes;
  int64_t connected, encrypted, first_byte, total;
  int64_t retry_after;
};
struct ccurl_figures ccurl_figures(CURL *_Nonnull easy);
/// Lets a transfer that its writer has paused go on.
CURLcode ccurl_resume(CURL *_Nonnull easy);
/// The value of a header field of the last response; NULL where it has none. Valid until the next transfer.
const char *_Nullable ccurl_header(CURL *_Nonnull easy, const char *_Nonnull name);

/// Adds a line to a list of header fields, NULL for a new list; NULL when out of memory.
struct curl_slist *_Nullable ccurl_list_append(struct curl_slist *_Nullable list, const char *_Nonnull line);
void ccurl_list_free(struct curl_slist *_Nullable list);

CURLM *_Nullable ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *_Nonnull multi);
CURLMcode ccurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_remove(CURLM *_Nonnull multi, CURL *_Nonnull easy);
CURLMcode ccurl_multi_perform(CURLM *_Nonnull multi);
/// Waits until a transfer can go on or one of the descriptors can be read; of these, at most 4.
CURLMcode ccurl_multi_poll(CURLM *_Nonnull multi, const int *_Nullable descriptors, size_t count, int milliseconds);
/// The next transfer that has ended: its handle, with how it ended in `result` and its slot number in `slot`
/// (CURLOPT_PRIVATE); NULL when there is none.
CURL *_Nullable ccurl_multi_finished(CURLM *_Nonnull multi, CURLcode *_Nonnull result, size_t *_Nonnull slot);
const char *_Nonnull ccurl_multi_strerror(CURLMcode code);

#endif
