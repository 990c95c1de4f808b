package testdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"tsukuriba/internal/devpg"
)

// The server has to outlive the process that needs it first, and nobody else may be left to stop
// it. So the first process runs its own program again as the server's keeper, which leaves when
// no process holds the users file any more. Each holds a shared lock on it for life, and the
// keeper stops the server only under the exclusive one.
const (
	keeperVariable = "TSUKURIBA_TESTDB_KEEPER"
	idleLimit      = 30 * time.Second
	keptLimit      = 15 * time.Minute // for a look at the databases of failed tests
	keptPrefix     = "kept_"
)

func init() {
	if dir := os.Getenv(keeperVariable); dir != "" {
		if err := keep(dir); err != nil {
			fmt.Fprintln(os.Stdout, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// joinKeeper returns the address of the shared server and keeps it up until this process ends.
func joinKeeper(ctx context.Context) (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("tsukuriba-test-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	users, err := usersFile(dir)
	if err != nil {
		return "", err
	}
	if err := syscall.Flock(users, syscall.LOCK_SH); err != nil {
		return "", fmt.Errorf("join test server: %w", err)
	}
	if cluster, running := devpg.Running(ctx, dir); running {
		return cluster.DSN("postgres"), nil
	}
	if err := startKeeper(dir); err != nil {
		return "", err
	}
	cluster, running := devpg.Running(ctx, dir)
	if !running {
		return "", fmt.Errorf("the test server in %s started and does not answer", dir)
	}
	return cluster.DSN("postgres"), nil
}

// usersFile opens the file by its bare descriptor, which no finalizer closes.
func usersFile(dir string) (int, error) {
	return syscall.Open(filepath.Join(dir, "users"), syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
}

// startKeeper returns when the keeper closes its output: with nothing said, the server is up.
func startKeeper(dir string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	output, input, err := os.Pipe()
	if err != nil {
		return err
	}
	defer output.Close()
	keeper := exec.Command(program)
	keeper.Env = append(os.Environ(), keeperVariable+"="+dir)
	keeper.Dir = dir
	keeper.Stdout = input
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := errors.Join(keeper.Start(), input.Close()); err != nil {
		return fmt.Errorf("start test server: %w", err)
	}
	said, err := io.ReadAll(output)
	if err != nil || len(said) > 0 {
		return fmt.Errorf("start test server: %s", said)
	}
	return keeper.Process.Release()
}

// keep runs the server until nobody needs it.
func keep(dir string) error {
	cluster, err := devpg.Start(context.Background(), devpg.Config{Dir: dir, Throwaway: true})
	if err != nil || cluster.Joined {
		return err
	}
	users, err := usersFile(dir)
	if err != nil {
		return errors.Join(err, cluster.Stop())
	}
	os.Stdout.Close() // says: ready
	lastUse := time.Now()
	for {
		time.Sleep(time.Second)
		if err := syscall.Flock(users, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			lastUse = time.Now()
			continue
		}
		if time.Since(lastUse) > idleLimit && (time.Since(lastUse) > keptLimit || !keepsAny(cluster)) {
			return cluster.Stop()
		}
		if err := syscall.Flock(users, syscall.LOCK_UN); err != nil {
			return errors.Join(err, cluster.Stop())
		}
	}
}

// keepsAny says whether the database of a failed test waits for somebody to look at it.
func keepsAny(cluster *devpg.Cluster) (kept bool) {
	db, err := sql.Open("postgres", cluster.DSN("postgres"))
	if err != nil {
		return false
	}
	defer db.Close()
	row := db.QueryRow(`SELECT EXISTS (SELECT FROM pg_database WHERE starts_with(datname::text, $1))`, keptPrefix)
	return row.Scan(&kept) == nil && kept
}
