//go:build unix && !linux

package devpg

import "syscall"

// namespace exists on Linux only.
func namespace(int, int) (syscall.SysProcAttr, bool) { return syscall.SysProcAttr{}, false }

func credential(uid, gid uint32) syscall.SysProcAttr {
	return syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
}

// dieWithParent exists on Linux only; elsewhere a killed parent leaves the server running, and
// the next start joins it.
func dieWithParent(*syscall.SysProcAttr) {}
