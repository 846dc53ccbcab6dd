#ifndef CLINUX_SOCKET_H
#define CLINUX_SOCKET_H

/// Accepts a client; its socket does not block and closes on exec. Returns the socket, or -errno.
int clinux_accept(int listener);

#endif
