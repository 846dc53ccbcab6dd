// The plainest loop over libcurl's multi interface: COUNT downloads of URL, IN_FLIGHT at once.
// Prints requests per second. Build: cc -O2 curl_multi_loop.c -lcurl
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static size_t discard(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes, (void)context;
  return size * count;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: %s URL COUNT IN_FLIGHT\n", argv[0]), 64;
  int count = atoi(argv[2]), in_flight = atoi(argv[3]), started = 0, failed = 0, running, left;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM *multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)in_flight);
  double start = now();
  for (; started < in_flight && started < count; started++) {
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 65536L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    curl_multi_add_handle(multi, easy);
  }
  for (int ended = 0; ended < count;) {
    int before = ended;
    curl_multi_perform(multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
      CURL *easy = message->easy_handle;
      if (message->data.result != CURLE_OK) failed++;
      curl_multi_remove_handle(multi, easy);
      ended++;
      if (started < count) curl_multi_add_handle(multi, easy), started++;
      else curl_easy_cleanup(easy);
    }
    if (ended == before) curl_multi_poll(multi, NULL, 0, 1000, NULL);
  }
  printf("%.0f\n", count / (now() - start));
  curl_multi_cleanup(multi);
  return failed > 0;
}
