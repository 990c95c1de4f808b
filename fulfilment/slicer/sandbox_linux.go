package slicer

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// nobody owns nothing, which is what an intruder in the slicer shall have.
const nobody = 65534

// sandbox is how much of the machine is kept from the slicer. Everything it may touch is its
// job's folder.
type sandbox struct {
	name       string
	namespaces uintptr
	asNobody   bool
	prlimit    string // path; empty where util-linux is missing
}

// strongestSandbox tries what this process is allowed to set up: containers often forbid
// namespaces. It logs what is missing.
func strongestSandbox(log *slog.Logger) sandbox {
	const apart = syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC
	choices := []sandbox{
		{name: "own network, user nobody", namespaces: apart, asNobody: true},
		{name: "user nobody only", asNobody: true},
	}
	if os.Geteuid() != 0 {
		choices = []sandbox{{name: "own network and user namespace", namespaces: apart | syscall.CLONE_NEWUSER}}
	}
	prlimit, err := exec.LookPath("prlimit")
	if err != nil {
		log.Warn("slicer runs without limits on memory and CPU", "reason", err)
	}
	for i, choice := range choices {
		choice.prlimit = prlimit
		if err = choice.try(); err == nil {
			log.Info("slicer sandbox", "kind", choice.name)
			return choice
		}
		log.Warn("slicer sandbox not allowed here", "kind", choices[i].name, "reason", err)
	}
	log.Warn("slicer runs without a sandbox")
	return sandbox{name: "none", prlimit: prlimit}
}

func (s sandbox) try() error {
	command := exec.Command("/bin/true")
	if err := s.enter(command, ""); err != nil {
		return err
	}
	return command.Run()
}

// limit returns the beginning of a command line that puts the limits on the rest.
func (s sandbox) limit(limits limits) []string {
	if s.prlimit == "" {
		return nil
	}
	return []string{
		s.prlimit,
		"--as=" + strconv.FormatInt(limits.addressSpace, 10),
		"--cpu=" + strconv.Itoa(limits.cpu),
		"--fsize=" + strconv.FormatInt(limits.fileSize, 10),
		"--nofile=256",
		"--core=0",
		"--",
	}
}

// enter makes the command start inside the sandbox, with the folder as its own. Its whole process
// group ends with it, and with us.
func (s sandbox) enter(command *exec.Cmd, folder string) error {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: s.namespaces}
	if command.Cancel != nil {
		command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	}
	if s.namespaces&syscall.CLONE_NEWUSER != 0 {
		command.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
		command.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
	}
	if !s.asNobody {
		return nil
	}
	command.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	if folder == "" {
		return nil
	}
	for _, path := range []string{folder, filepath.Join(folder, "data")} {
		if err := os.Chown(path, nobody, nobody); err != nil {
			return fmt.Errorf("hand over %s: %w", path, err)
		}
	}
	return nil
}
