//go:build unix

package stack

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// leadGroup makes the command the leader of a process group of its own. A
// Ctrl-C in the terminal then reaches only us, and we take it down in order.
func leadGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup kills the command and everything that it has spawned. A group that
// is gone already is fine.
func killGroup(c *exec.Cmd) {
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
}

// lock makes dir ours until it is closed or this process ends: two at once
// would delete each other's temporary files.
func lock(dir string) (io.Closer, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("another local world runs in %s: stop that one first", dir)
		}
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
