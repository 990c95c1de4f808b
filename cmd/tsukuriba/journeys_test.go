package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestJourneys walks through all three faces in a real Chromium, as customers, staff and members do. PICTURES names
// a folder for pictures of the pages, CHROMIUM another browser than /usr/bin/chromium. With SLOW=4 pages run on a
// processor that much slower and wait 150 ms for every answer, or as many as LATENCY says: waits that are missing show.
func TestJourneys(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a whole workshop and a browser")
	}
	chromium := os.Getenv("CHROMIUM")
	if chromium == "" {
		chromium = "/usr/bin/chromium"
	}
	if _, err := os.Stat(chromium); err != nil {
		t.Fatalf("no Chromium at %s: make test installs it, CHROMIUM names another", chromium)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	journeys, err := filepath.Glob(filepath.Join(root, "web/journeys/*.test.mjs"))
	if err != nil || len(journeys) == 0 {
		t.Fatalf("no journeys found: %v", err)
	}
	dev := startDevServer(t, filepath.Join(t.TempDir(), "workshop"))
	node := exec.CommandContext(t.Context(), "node", append([]string{"--test", "--test-reporter=spec", "--test-concurrency=2"}, journeys...)...)
	node.Dir = root
	node.Env = append(os.Environ(), "BASE_URL="+dev.url, "CHROMIUM="+chromium)
	node.Stdout, node.Stderr = os.Stdout, os.Stderr
	if err := node.Run(); err != nil {
		t.Errorf("a journey failed (%v); the workshop said:\n%s", err, dev.said)
	}
}
