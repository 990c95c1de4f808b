package catalog

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"

	"tsukuriba/catalog/tag"
)

// modelBytes bounds the built models kept in one process; a name takes about 50 kB.
const modelBytes = 24 << 20

// models builds solids, each one once however many ask for it, and keeps those used last.
type models struct {
	book   *tag.Book
	flight singleflight.Group
	mu     sync.Mutex
	kept   *lru[tag.Hash, *tag.Model]
}

func newModels(book *tag.Book) *models {
	return &models{book: book, kept: newLRU[tag.Hash, *tag.Model](modelBytes)}
}

// build returns the solid of a spec, which nobody may change, and the hash of its geometry.
func (m *models) build(spec tag.Spec) (*tag.Model, tag.Hash, error) {
	hash, err := spec.Hash(m.book)
	if err != nil {
		return nil, tag.Hash{}, err
	}
	if model, ok := m.get(hash); ok {
		return model, hash, nil
	}
	built, err, _ := m.flight.Do(string(hash[:]), func() (any, error) {
		model, err := m.book.Build(spec)
		if err == nil {
			m.put(hash, model)
		}
		return model, err
	})
	if err != nil {
		return nil, tag.Hash{}, err
	}
	return built.(*tag.Model), hash, nil
}

func (m *models) get(hash tag.Hash) (*tag.Model, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept.get(hash)
}

func (m *models) put(hash tag.Hash, model *tag.Model) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept.put(hash, model, 12*(cap(model.Mesh.Vertices)+cap(model.Mesh.Triangles)))
}

// Model returns the solid of a design, which the caller must not change. It is built from the
// stored spec and is the very one that was agreed to; if mesher or font have changed since, it
// returns ErrDesignChanged instead of something similar.
func (s *Service) Model(ctx context.Context, id DesignID) (*tag.Model, error) {
	_, model, err := s.model(ctx, id)
	return model, err
}

func (s *Service) model(ctx context.Context, id DesignID) (Design, *tag.Model, error) {
	design, err := s.Design(ctx, id)
	if err != nil {
		return Design{}, nil, err
	}
	model, err := s.solid(design)
	return design, model, err
}

// solid builds what a design stands for. Errors: those of Model.
func (s *Service) solid(design Design) (*tag.Model, error) {
	model, hash, err := s.models.build(design.Spec)
	if err == nil && hash != design.Hash {
		err = ErrDesignChanged
	}
	if err != nil {
		return nil, fmt.Errorf("build design %s: %w", design.ID, err)
	}
	return model, nil
}
