package catalog

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tsukuriba/internal/postgres"
)

// memoryBytes bounds what is remembered of the catalog in one process.
const memoryBytes = 8 << 20

// changedChannel is where the triggers of migration 0002 tell that the catalog changed.
const changedChannel = "catalog_changed"

// memory keeps what was read from the catalog until PostgreSQL says that something changed. It
// keeps nothing while nobody listens.
type memory struct {
	mu        sync.Mutex
	listening bool
	changes   int // how often everything was forgotten
	kept      *lru[string, any]
}

func newMemory() *memory { return &memory{kept: newLRU[string, any](memoryBytes)} }

// recall returns what is kept under key, or loads it, which says how many bytes it takes. What
// was read before a change is never kept after it.
func recall[T any](m *memory, key string, load func() (T, int, error)) (T, error) {
	m.mu.Lock()
	kept, ok := m.kept.get(key)
	changes := m.changes
	m.mu.Unlock()
	if ok {
		return kept.(T), nil
	}
	value, bytes, err := load()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listening && changes == m.changes {
		m.kept.put(key, value, bytes+len(key))
	}
	return value, nil
}

// Recall remembers for other parts of the shop what the catalog remembers for itself: what load
// returned, with about how many bytes it takes, until a trigger tells catalog_changed or this
// process called Changed. Nobody may change the value. While nobody listens it loads each time.
func Recall[T any](s *Service, key string, load func() (T, int, error)) (T, error) {
	return recall(s.memory, "of others\x00"+key, load)
}

// Changed is called after a change of something that is remembered by Recall, so that this very
// process reads its own writes; others hear of it from the database.
func (s *Service) Changed() { s.memory.changed() }

// aged is a value with the moment it was loaded.
type aged[T any] struct {
	value T
	at    time.Time
}

// recallFor is recall for what is dear to load: where nobody listens, too, it is kept for a while.
func recallFor[T any](m *memory, key string, while time.Duration, load func() (T, int, error)) (T, error) {
	m.mu.Lock()
	found, ok := m.kept.get(key)
	listening, changes := m.listening, m.changes
	m.mu.Unlock()
	if kept, _ := found.(aged[T]); ok && (listening || time.Since(kept.at) < while) {
		return kept.value, nil
	}
	value, bytes, err := load()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if changes == m.changes {
		m.kept.put(key, aged[T]{value, time.Now()}, bytes+len(key))
	}
	return value, nil
}

// forget drops everything and says whether changes will be heard of from now on.
func (m *memory) forget(listening bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.listening = listening
	m.changes++
	m.kept.clear()
}

// changed drops everything after a change by this very process, which then reads its own writes.
func (m *memory) changed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	m.kept.clear()
}

// Changes counts how often the catalog is known to have changed, for those who keep what they made
// of it. While nobody listens for changes, heard is false and nothing may be kept.
func (s *Service) Changes() (count int, heard bool) {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	return s.memory.changes, s.memory.listening
}

// Listen keeps the memory of this process true until ctx is done: lists, schemas and colors are
// remembered while it runs and forgotten when the catalog changes in any process or the
// connection was lost. It returns nil when ctx is done.
func (s *Service) Listen(ctx context.Context, dsn string) error {
	defer s.memory.forget(false)
	forget := func(postgres.Notification) { s.memory.forget(true) }
	if err := postgres.Listen(ctx, dsn, forget, changedChannel); err != nil {
		return fmt.Errorf("listen for catalog changes: %w", err)
	}
	return nil
}
