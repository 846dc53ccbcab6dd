#ifndef CLINUX_EVENTS_H
#define CLINUX_EVENTS_H
// Swift's Glibc module leaves these headers out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#endif
