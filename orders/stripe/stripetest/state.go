package stripetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type record interface {
	key() string
	born() int64
}

func (o *session) key() string  { return o.ID }
func (o *lineItem) key() string { return o.ID }
func (o *intent) key() string   { return o.ID }
func (o *charge) key() string   { return o.ID }
func (o *refund) key() string   { return o.ID }
func (o *dispute) key() string  { return o.ID }
func (o *event) key() string    { return o.ID }
func (o *endpoint) key() string { return o.ID }

func (o *session) born() int64  { return o.Created }
func (o *lineItem) born() int64 { return 0 }
func (o *intent) born() int64   { return o.Created }
func (o *charge) born() int64   { return o.Created }
func (o *refund) born() int64   { return o.Created }
func (o *dispute) born() int64  { return o.Created }
func (o *event) born() int64    { return o.Created }
func (o *endpoint) born() int64 { return o.Created }

// table keeps records in the order of their making.
type table[R record] struct {
	Rows []R `json:"rows"`
	byID map[string]R
}

func (t *table[R]) add(r R) {
	t.Rows = append(t.Rows, r)
	if t.byID == nil {
		t.byID = map[string]R{}
	}
	t.byID[r.key()] = r
}

func (t *table[R]) get(id string) (R, bool) {
	r, ok := t.byID[id]
	return r, ok
}

func (t *table[R]) index() {
	rows := t.Rows
	t.Rows = nil
	for _, r := range rows {
		t.add(r)
	}
}

type state struct {
	Sessions   table[*session]        `json:"sessions"`
	Intents    table[*intent]         `json:"intents"`
	Charges    table[*charge]         `json:"charges"`
	Refunds    table[*refund]         `json:"refunds"`
	Disputes   table[*dispute]        `json:"disputes"`
	Events     table[*event]          `json:"events"`
	Endpoints  table[*endpoint]       `json:"endpoints"`
	Lines      map[string][]*lineItem `json:"lines"`    // by session
	Plans      map[string]intentPlan  `json:"plans"`    // by session
	Origins    map[string]string      `json:"origins"`  // intent → session
	Released   map[string]int64       `json:"released"` // intent → authorised but given back uncaptured
	Secrets    map[string]string      `json:"secrets"`  // by endpoint
	Answers    map[string]*answer     `json:"answers"`  // by idempotency key
	Deliveries []*delivery            `json:"deliveries"`
	Jump       time.Duration          `json:"jump"`
	Faults     []Fault                `json:"faults"`
	Rules      Delivery               `json:"rules"`
	HoldsBack  bool                   `json:"holds_refunds"`
}

func newState() *state {
	return &state{
		Lines: map[string][]*lineItem{}, Plans: map[string]intentPlan{}, Origins: map[string]string{},
		Released: map[string]int64{}, Secrets: map[string]string{}, Answers: map[string]*answer{},
	}
}

// find returns the object of any kind with this id, for expand.
func (st *state) find(id string) (any, bool) {
	kind, _, _ := strings.Cut(id, "_")
	switch kind {
	case "cs":
		return lookup(&st.Sessions, id)
	case "pi":
		return lookup(&st.Intents, id)
	case "ch":
		return lookup(&st.Charges, id)
	case "re":
		return lookup(&st.Refunds, id)
	case "dp":
		return lookup(&st.Disputes, id)
	}
	return nil, false
}

func lookup[R record](t *table[R], id string) (any, bool) { return t.get(id) }

func loadState(file string) (*state, error) {
	st := newState()
	if file == "" {
		return st, nil
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the stand-in's state: %w", err)
	}
	if err := json.Unmarshal(content, st); err != nil {
		return nil, fmt.Errorf("read the stand-in's state %s: %w", file, err)
	}
	st.index()
	return st, nil
}

func (st *state) index() {
	st.Sessions.index()
	st.Intents.index()
	st.Charges.index()
	st.Refunds.index()
	st.Disputes.index()
	st.Events.index()
	st.Endpoints.index()
	for key, answer := range st.Answers {
		if !answer.Done {
			delete(st.Answers, key)
		}
	}
}

// save replaces the file in one step, so that a crash leaves the old or the new state.
func (st *state) save(file string) error {
	content, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("write the stand-in's state: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write the stand-in's state: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(content)
	if err := errors.Join(err, draft.Close()); err != nil {
		return fmt.Errorf("write the stand-in's state: %w", err)
	}
	return os.Rename(draft.Name(), file)
}
