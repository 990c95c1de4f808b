//go:build unix && !linux

package slicer

import (
	"log/slog"
	"os/exec"
	"syscall"
)

// sandbox on other systems than Linux is only a process group that ends with its job: meant for
// development, not for a shop.
type sandbox struct{ name string }

func strongestSandbox(log *slog.Logger) sandbox {
	log.Warn("slicer runs without a sandbox, which needs Linux")
	return sandbox{name: "none"}
}

func (sandbox) limit(limits) []string { return nil }

func (sandbox) enter(command *exec.Cmd, _ string) error {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	return nil
}
