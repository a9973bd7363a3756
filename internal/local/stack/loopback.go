package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// loopback is the only address that anything of the local world listens on.
const loopback = "127.0.0.1"

func listenOn(ctx context.Context, port int) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
}

// freePort returns preferred if nothing listens there, else some port that is
// free now. Another program may still be quicker to take it.
func freePort(ctx context.Context, preferred int) (int, error) {
	l, err := listenOn(ctx, preferred)
	if err != nil {
		l, err = listenOn(ctx, 0)
	}
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err := errors.Join(err, l.Close()); err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return strconv.Atoi(port)
}
