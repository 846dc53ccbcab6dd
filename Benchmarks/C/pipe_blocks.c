// The plainest loop that cuts standard input into blocks of BYTES that end with a line, each to a process of its own, WORKERS
// at once: PROGRAM's output goes where this one's does, unordered and unkept. Build: cc -O2 pipe_blocks.c
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static pid_t start(char **program, int *feed) {
  int ends[2];
  pid_t child;
  posix_spawn_file_actions_t actions;
  if (pipe2(ends, O_CLOEXEC) < 0) exit(1);
  fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  if (posix_spawnp(&child, program[0], &actions, NULL, program, environ) != 0) exit(1);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  *feed = ends[1];
  return child;
}

static void feed_all(int feed, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(feed, bytes, count);
    if (written <= 0) break;
    bytes += written;
    count -= (size_t)written;
  }
  close(feed);
}

int main(int argc, char **argv) {
  if (argc < 4) return fprintf(stderr, "usage: %s BYTES WORKERS PROGRAM...\n", argv[0]), 64;
  size_t block = strtoul(argv[1], NULL, 10), filled = 0;
  int workers = atoi(argv[2]), running = 0;
  char *buffer = malloc(block + (1 << 16));
  fcntl(0, F_SETPIPE_SZ, 1 << 20);
  for (;;) {
    ssize_t count = read(0, buffer + filled, block + (1 << 16) - filled);
    if (count > 0) filled += (size_t)count;
    if (count > 0 && filled < block) continue;
    if (filled == 0) break;
    char *line = count > 0 ? memrchr(buffer, '\n', filled) : NULL;
    size_t end = line ? (size_t)(line - buffer) + 1 : filled;
    if (running == workers) wait(NULL), running--;
    int feed;
    start(argv + 3, &feed);
    running++;
    feed_all(feed, buffer, end);
    memmove(buffer, buffer + end, filled -= end);
  }
  while (running-- > 0) wait(NULL);
}
