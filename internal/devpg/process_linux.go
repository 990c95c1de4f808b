package devpg

import "syscall"

// capDACReadSearch lets the server walk through folders that only root may enter, such as /root.
const capDACReadSearch = 2

func namespace(uid, gid int) (syscall.SysProcAttr, bool) {
	return syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: 0, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: 0, Size: 1}},
	}, true
}

func credential(uid, gid uint32) syscall.SysProcAttr {
	return syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: uid, Gid: gid},
		AmbientCaps: []uintptr{capDACReadSearch},
	}
}

// dieWithParent has the kernel ask the server for a quick, clean end when we are gone.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
