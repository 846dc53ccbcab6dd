#include "include/CCurl.h"
#include "loader.h"

CURL *ccurl_easy_init(void) { return ccurl.easy_init(); }
void ccurl_easy_cleanup(CURL *easy) { ccurl.easy_cleanup(easy); }
CURLcode ccurl_easy_perform(CURL *easy) { return ccurl.easy_perform(easy); }
const char *ccurl_easy_strerror(CURLcode code) { return ccurl.easy_strerror(code); }

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return ccurl.easy_setopt(easy, option, value); }

CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
  return ccurl.easy_setopt(easy, option, value);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return ccurl.easy_setopt(easy, option, value);
}

CURLcode ccurl_set_writer(CURL *easy, ccurl_writer writer, void *context) {
  CURLcode code = ccurl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, writer);
  return code != CURLE_OK ? code : ccurl.easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

long ccurl_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  return ccurl.easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

int64_t ccurl_get_offset(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return ccurl.easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

struct ccurl_figures ccurl_figures(CURL *easy) {
  return (struct ccurl_figures){
      .status = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE),
      .body_bytes = ccurl_get_offset(easy, CURLINFO_SIZE_DOWNLOAD_T),
      .head_bytes = ccurl_get_long(easy, CURLINFO_HEADER_SIZE),
      .connected = ccurl_get_offset(easy, CURLINFO_CONNECT_TIME_T),
      .encrypted = ccurl_get_offset(easy, CURLINFO_APPCONNECT_TIME_T),
      .first_byte = ccurl_get_offset(easy, CURLINFO_STARTTRANSFER_TIME_T),
      .total = ccurl_get_offset(easy, CURLINFO_TOTAL_TIME_T),
      .retry_after = ccurl_get_offset(easy, CURLINFO_RETRY_AFTER),
  };
}

CURLcode ccurl_resume(CURL *easy) { return ccurl.easy_pause(easy, CURLPAUSE_CONT); }

const char *ccurl_header(CURL *easy, const char *name) {
  struct curl_header *header;
  return ccurl.easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *line) {
  return ccurl.slist_append(list, line);
}

void ccurl_list_free(struct curl_slist *list) { ccurl.slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return ccurl.multi_init(); }
void ccurl_multi_cleanup(CURLM *multi) { ccurl.multi_cleanup(multi); }

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return ccurl.multi_setopt(multi, option, value);
}

CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return ccurl.multi_add_handle(multi, easy); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) { return ccurl.multi_remove_handle(multi, easy); }

CURLMcode ccurl_multi_perform(CURLM *multi) {
  int running;
  return ccurl.multi_perform(multi, &running);
}

CURLMcode ccurl_multi_poll(CURLM *multi, const int *descriptors, size_t count, int milliseconds) {
  struct curl_waitfd watched[4];
  unsigned number = 0;
  for (; number < count && number < 4; number++) {
    watched[number] = (struct curl_waitfd){.fd = descriptors[number], .events = CURL_WAIT_POLLIN};
  }
  return ccurl.multi_poll(multi, watched, number, milliseconds, NULL);
}

CURL *ccurl_multi_finished(CURLM *multi, CURLcode *result, size_t *slot) {
  int left;
  CURLMsg *message;
  while ((message = ccurl.multi_info_read(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    char *number = NULL;
    ccurl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &number);
    *slot = (size_t)number;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

const char *ccurl_multi_strerror(CURLMcode code) { return ccurl.multi_strerror(code); }
