package devpg_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tsukuriba/internal/devpg"
)

func start(t *testing.T, dir string) *devpg.Cluster {
	t.Helper()
	cluster, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	return cluster
}

func query(t *testing.T, cluster *devpg.Cluster, statement string) string {
	t.Helper()
	db, err := sql.Open("postgres", cluster.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRowContext(t.Context(), statement).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return answer
}

func TestStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cluster := start(t, dir)

	t.Run("knows_japanese_letters", func(t *testing.T) {
		if got := query(t, cluster, `SELECT '積み木' ~ '^[[:alpha:]]+$'`); got != "true" {
			t.Error("kana and kanji are no letters")
		}
	})
	t.Run("listens_on_no_network_address", func(t *testing.T) {
		if got := query(t, cluster, `SHOW listen_addresses`); got != "" {
			t.Errorf("listens on %q", got)
		}
	})
	t.Run("joins_a_running_server_and_leaves_it_alone", func(t *testing.T) {
		began := time.Now()
		joined, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("joined in %s", time.Since(began))
		if !joined.Joined {
			t.Error("started a second server on the same data")
		}
		if err := joined.Stop(); err != nil {
			t.Fatal(err)
		}
		query(t, cluster, `SELECT 1`)
	})
}

func TestStop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, dir)
	query(t, first, `CREATE TABLE kept AS SELECT 'はると' AS name; SELECT name FROM kept`)
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err == nil {
		t.Error("the server was not shut down cleanly")
	}

	began := time.Now()
	second := start(t, dir)
	t.Logf("second start took %s", time.Since(began))
	if got := query(t, second, `SELECT name FROM kept`); got != "はると" {
		t.Errorf("kept name = %q", got)
	}
}

func TestStart_after_the_server_was_killed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cluster, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	query(t, cluster, `CREATE TABLE kept AS SELECT 'さくら' AS name; SELECT name FROM kept`)
	ended := busy(t, cluster)
	kill(t, dir)
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}

	again := start(t, dir)
	<-ended
	if got := query(t, again, `SELECT name FROM kept`); got != "さくら" {
		t.Errorf("kept name = %q", got)
	}
}

// busy has the server count for a while, so that a process of it outlives the main one.
func busy(t *testing.T, cluster *devpg.Cluster) (ended <-chan error) {
	t.Helper()
	db, err := sql.Open("postgres", cluster.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	done := make(chan error, 1)
	go func() {
		_, err := db.Exec(`SELECT count(*) FROM generate_series(1, 1000000) a`)
		done <- err
	}()
	for query(t, cluster, `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND pid <> pg_backend_pid()`) == "0" {
		time.Sleep(5 * time.Millisecond)
	}
	return done
}

func kill(t *testing.T, dir string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func TestStart_refusals(t *testing.T) {
	t.Parallel()
	write := func(t *testing.T, path, content string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]struct {
		prepare func(t *testing.T, cfg *devpg.Config)
		want    error
	}{
		"no_server_in_the_folder_given": {
			func(t *testing.T, cfg *devpg.Config) { cfg.BinDir = t.TempDir() }, devpg.ErrNoServer,
		},
		"data_of_another_version": {
			func(t *testing.T, cfg *devpg.Config) { write(t, filepath.Join(cfg.Dir, "data", "PG_VERSION"), "8\n") },
			devpg.ErrOtherVersion,
		},
		"folder_is_a_file": {
			func(t *testing.T, cfg *devpg.Config) {
				file := filepath.Join(cfg.Dir, "file")
				write(t, file, "")
				cfg.Dir = filepath.Join(file, "pg")
			}, devpg.ErrNotWritable,
		},
		"broken_data": {
			func(t *testing.T, cfg *devpg.Config) { write(t, filepath.Join(cfg.Dir, "data", "PG_VERSION"), "15\n") },
			devpg.ErrDidNotStart,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := devpg.Config{Dir: t.TempDir()}
			c.prepare(t, &cfg)
			_, err := devpg.Start(context.Background(), cfg)
			if !errors.Is(err, c.want) {
				t.Fatalf("error = %v, want %v", err, c.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one sentence: %q", err)
			}
		})
	}
}
