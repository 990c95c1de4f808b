package fulfilment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// OperationKey names a step of a routing.
type OperationKey string

// The operations that the program knows how to follow up. A routing orders and words them.
const (
	OpPrepare OperationKey = "prepare"
	OpArrange OperationKey = "arrange"
	OpSlice   OperationKey = "slice"
	OpSetUp   OperationKey = "set_up"
	OpStart   OperationKey = "start"
	OpSwap    OperationKey = "swap"
	OpRemove  OperationKey = "remove"
	OpSort    OperationKey = "sort"
	OpFinish  OperationKey = "finish"
	OpInspect OperationKey = "inspect"
	OpPack    OperationKey = "pack"
)

// Operation is one step of a routing: who may do it where, and how it is told. Minutes are for
// planning only and grow with the pieces; no member sees them.
type Operation struct {
	Key             OperationKey `json:"key"`
	Skill           string       `json:"skill"`
	MinStage        Stage        `json:"min_stage"`
	Station         string       `json:"station"`
	NeedsStaff      bool         `json:"needs_staff"`
	Minutes         int          `json:"minutes"`
	MinutesPerPiece int          `json:"minutes_per_piece"`
	Hazards         []string     `json:"hazards"` // such as "heat", "blade", "noise"
	Instruction     Instruction  `json:"instruction"`
}

// minutesFor plans a task of so many pieces.
func (o Operation) minutesFor(pieces int) int { return o.Minutes + o.MinutesPerPiece*pieces }

// Routing is the list of steps a product needs, in one version. Versions never change: what has
// begun with one ends with it.
type Routing struct {
	Key        string
	Version    int
	Name       string
	Operations []Operation
}

// Operation returns the step of that name.
func (r Routing) Operation(key OperationKey) (Operation, error) {
	for _, operation := range r.Operations {
		if operation.Key == key {
			return operation, nil
		}
	}
	return Operation{}, fmt.Errorf("%w: no %s in %s version %d", ErrRoutingNotFound, key, r.Key, r.Version)
}

// routing reads one version; version 0 stands for the newest.
func routing(ctx context.Context, q sqlx.QueryerContext, key string, version int) (Routing, error) {
	var row struct {
		Key        string          `db:"key"`
		Version    int             `db:"version"`
		Name       string          `db:"name"`
		Operations json.RawMessage `db:"operations"`
	}
	err := sqlx.GetContext(ctx, q, &row, `
		SELECT key, version, name, operations
		FROM routings
		WHERE key = $1 AND ($2 = 0 OR version = $2)
		ORDER BY version DESC
		LIMIT 1`, key, version)
	if errors.Is(err, sql.ErrNoRows) {
		return Routing{}, fmt.Errorf("%w: %s version %d", ErrRoutingNotFound, key, version)
	}
	if err != nil {
		return Routing{}, fmt.Errorf("read routing %s: %w", key, err)
	}
	found := Routing{Key: row.Key, Version: row.Version, Name: row.Name}
	if err := json.Unmarshal(row.Operations, &found.Operations); err != nil {
		return Routing{}, fmt.Errorf("read routing %s version %d: %w", row.Key, row.Version, err)
	}
	return found, nil
}
