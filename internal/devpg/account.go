package devpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user the server runs as. PostgreSQL refuses root, so root lends it a user
// namespace, in which root looks like somebody else and the files stay root's, or, where
// namespaces are forbidden (most containers), the system user postgres or nobody.
type account struct {
	uid, gid uint32 // as seen from here
	attr     syscall.SysProcAttr
	owns     bool // files must be handed over to uid and gid
}

func serverAccount(server server, dir string) (account, error) {
	if os.Getuid() != 0 {
		return account{uid: uint32(os.Getuid()), gid: uint32(os.Getgid())}, nil
	}
	uid, gid, err := unprivileged()
	if err != nil {
		return account{}, err
	}
	if attr, ok := namespace(int(uid), int(gid)); ok {
		a := account{attr: attr}
		trial := server.command(context.Background(), "postgres", "--version")
		a.apply(trial)
		if trial.Run() == nil {
			return a, nil
		}
	}
	a := account{uid: uid, gid: gid, attr: credential(uid, gid), owns: true}
	return a, a.own(dir)
}

// unprivileged finds a user that the password file knows; initdb asks for its name.
func unprivileged() (uid, gid uint32, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		u, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		g, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return 0, 0, fmt.Errorf("read user %s: %w", name, err)
		}
		return uint32(u), uint32(g), nil
	}
	return 0, 0, errors.New("PostgreSQL does not run as root and there is neither a user postgres nor nobody to run it as")
}

// apply makes cmd run as the account, in a process group of its own: Ctrl-C reaches us first,
// and the server when we stop it.
func (a account) apply(cmd *exec.Cmd) {
	attr := a.attr
	attr.Setpgid = true
	cmd.SysProcAttr = &attr
}

// own hands a file or a folder with all it holds to the account.
func (a account) own(path string) error {
	if !a.owns {
		return nil
	}
	return filepath.WalkDir(path, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(name, int(a.uid), int(a.gid))
	})
}
