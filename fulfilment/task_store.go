package fulfilment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

const selectTasks = `
		SELECT id, operation, routing, routing_version, order_line_id, order_id, claim_id, plate_id, print_run_id, skill, min_stage,
		       minutes, state, version, member_id, due_minute, help_wanted_at, started_at, done_at, created_at
		FROM tasks`

// TaskByID returns a task as staff see it, or ErrTaskNotFound.
func (s *Service) TaskByID(ctx context.Context, taskID TaskID) (Task, error) {
	tasks, err := s.readTasks(ctx, s.db, selectTasks+`
		WHERE id = $1`, taskID)
	if err != nil {
		return Task{}, err
	}
	if len(tasks) == 0 {
		return Task{}, fmt.Errorf("%w: %s", ErrTaskNotFound, taskID)
	}
	return tasks[0], nil
}

// OpenTasks returns all tasks that are not done, oldest first, with what a proposal needs to know.
func (s *Service) OpenTasks(ctx context.Context) ([]Task, error) {
	return s.readTasks(ctx, s.db, selectTasks+`
		WHERE state NOT IN ('done', 'dropped')
		ORDER BY created_at, id`)
}

// readTasks reads tasks with their operations and pieces in three queries, however many they are.
func (s *Service) readTasks(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Task, error) {
	var tasks []Task
	if err := sqlx.SelectContext(ctx, q, &tasks, query, args...); err != nil {
		return nil, fmt.Errorf("read tasks: %w", err)
	}
	if err := describeTasks(ctx, q, tasks); err != nil {
		return nil, err
	}
	return tasks, addUnits(ctx, q, tasks)
}

func describeTasks(ctx context.Context, q sqlx.QueryerContext, tasks []Task) error {
	type version struct {
		key    string
		number int
	}
	known := map[version]Routing{}
	for i := range tasks {
		task := &tasks[i]
		at := version{task.Routing, task.RoutingVersion}
		if _, found := known[at]; !found {
			read, err := routing(ctx, q, at.key, at.number)
			if err != nil {
				return err
			}
			known[at] = read
		}
		operation, err := known[at].Operation(task.Operation)
		if err != nil {
			return err
		}
		task.Title, task.Hazards, task.NeedsStaff = operation.Instruction.What.Plain(), operation.Hazards, operation.NeedsStaff
	}
	return nil
}

func addUnits(ctx context.Context, q sqlx.QueryerContext, tasks []Task) error {
	byID := map[TaskID]*Task{}
	ids := make([]TaskID, len(tasks))
	for i := range tasks {
		ids[i] = tasks[i].ID
		byID[tasks[i].ID] = &tasks[i]
	}
	var rows []struct {
		TaskID     TaskID   `db:"task_id"`
		UnitID     UnitID   `db:"unit_id"`
		FinishedBy MemberID `db:"finished_by"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT task_units.task_id, task_units.unit_id, units.finished_by
		FROM task_units
		JOIN units ON units.id = task_units.unit_id
		WHERE task_units.task_id = ANY($1::uuid[])
		ORDER BY task_units.unit_id`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("read pieces of tasks: %w", err)
	}
	for _, row := range rows {
		task := byID[row.TaskID]
		task.Units = append(task.Units, row.UnitID)
		if task.Operation == OpInspect && !row.FinishedBy.IsZero() {
			task.Makers = append(task.Makers, row.FinishedBy)
		}
	}
	return nil
}

// lockTask reads one task for a change, with its pieces.
func (s *Service) lockTask(ctx context.Context, tx *sqlx.Tx, taskID TaskID) (Task, error) {
	tasks, err := s.readTasks(ctx, tx, selectTasks+`
		WHERE id = $1
		FOR UPDATE`, taskID)
	if err != nil {
		return Task{}, err
	}
	if len(tasks) == 0 {
		return Task{}, fmt.Errorf("%w: %s", ErrTaskNotFound, taskID)
	}
	return tasks[0], nil
}

// saveTask writes a task whose state has changed, the change, and the time worked: a session is
// open exactly while the task is active.
func (s *Service) saveTask(ctx context.Context, tx *sqlx.Tx, task *Task, by audit.Actor) error {
	changed, err := tx.ExecContext(ctx, `
		UPDATE tasks
		SET state = $3, version = version + 1, member_id = $4, help_wanted_at = $5, started_at = $6, done_at = $7, updated_at = $8
		WHERE id = $1 AND version = $2`,
		task.ID, task.Version, task.State, task.MemberID, task.HelpWantedAt, task.StartedAt, task.DoneAt, s.now())
	if postgres.Violates(err, "one_active_task_per_member") {
		return ErrBusy
	}
	if err := oneRow(changed, err); err != nil {
		return fmt.Errorf("save task %s: %w", task.ID, err)
	}
	task.Version++
	if err := s.saveSession(ctx, tx, *task); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: "task." + string(task.State), Subject: task.ID.String(),
		Detail: map[string]any{"operation": task.Operation},
	})
}

func (s *Service) saveSession(ctx context.Context, tx *sqlx.Tx, task Task) error {
	statement, args := `
		UPDATE work_sessions
		SET ended_at = $2
		WHERE task_id = $1 AND ended_at IS NULL`, []any{task.ID, s.now()}
	if task.State == TaskActive {
		statement, args = `
		INSERT INTO work_sessions (id, task_id, member_id, started_at)
		VALUES ($3, $1, $4, $2)
		ON CONFLICT (task_id) WHERE ended_at IS NULL DO NOTHING`, append(args, id.New[sessionKind](), task.MemberID)
	}
	if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("save session of task %s: %w", task.ID, err)
	}
	return nil
}

// newTask is a step that has become possible.
type newTask struct {
	operation      OperationKey
	routing        string
	routingVersion int
	line           orders.LineID
	order          orders.OrderID
	claim          orders.ClaimID
	plate          PlateID
	run            RunID
	dueMinute      *int
	units          []UnitID
}

// addTask makes a step ready to be taken. A step that is there already is left as it is.
func (s *Service) addTask(ctx context.Context, tx *sqlx.Tx, wanted newTask) error {
	way, err := routing(ctx, tx, wanted.routing, wanted.routingVersion)
	if err != nil {
		return err
	}
	operation, err := way.Operation(wanted.operation)
	if err != nil {
		return err
	}
	taskID := id.New[taskKind]()
	err = tx.QueryRowxContext(ctx, `
		INSERT INTO tasks (id, operation, routing, routing_version, order_line_id, order_id, plate_id, print_run_id, skill,
		                   min_stage, minutes, state, due_minute, created_at, updated_at, claim_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'ready', $12, $13, $13, $14)
		ON CONFLICT DO NOTHING
		RETURNING id`,
		taskID, wanted.operation, way.Key, way.Version, wanted.line, wanted.order, wanted.plate, wanted.run,
		operation.Skill, operation.MinStage, operation.minutesFor(len(wanted.units)), wanted.dueMinute, s.now(), wanted.claim).Scan(&taskID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("add task %s: %w", wanted.operation, err)
	}
	if err := setTaskUnits(ctx, tx, taskID, wanted.units); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		Actor: systemActor, Action: "task.ready", Subject: taskID.String(), Detail: map[string]any{"operation": wanted.operation},
	})
}

// setTaskUnits makes exactly these pieces those of a task.
func setTaskUnits(ctx context.Context, tx *sqlx.Tx, taskID TaskID, units []UnitID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM task_units WHERE task_id = $1`, taskID); err != nil {
		return fmt.Errorf("set pieces of task %s: %w", taskID, err)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO task_units (task_id, unit_id)
		SELECT $1, unnest($2::uuid[])`, taskID, pq.Array(units))
	if err != nil {
		return fmt.Errorf("set pieces of task %s: %w", taskID, err)
	}
	return nil
}

// saveVerdicts keeps what a member said about each piece.
func saveVerdicts(ctx context.Context, tx *sqlx.Tx, taskID TaskID, pieces []PieceResult) error {
	for _, piece := range pieces {
		_, err := tx.ExecContext(ctx, `
			UPDATE task_units
			SET result = $3, note = $4
			WHERE task_id = $1 AND unit_id = $2`, taskID, piece.Unit, piece.Verdict, piece.Note)
		if err != nil {
			return fmt.Errorf("save verdict: %w", err)
		}
	}
	return nil
}

// lockOpenTasks reads the open tasks of a plate or of one of its runs for a change.
func (s *Service) lockOpenTasks(ctx context.Context, tx *sqlx.Tx, plate PlateID) ([]Task, error) {
	return s.readTasks(ctx, tx, selectTasks+`
		WHERE plate_id = $1 AND state NOT IN ('done', 'dropped')
		ORDER BY id
		FOR UPDATE`, plate)
}

// dropTask ends a task that makes no sense any more, and closes its offers without a word.
func (s *Service) dropTask(ctx context.Context, tx *sqlx.Tx, task *Task, by audit.Actor) error {
	task.State = TaskDropped
	if err := s.saveTask(ctx, tx, task, by); err != nil {
		return err
	}
	return s.closeOffers(ctx, tx, task.ID)
}

// closeOffers closes all offers of a task that nobody has any more.
func (s *Service) closeOffers(ctx context.Context, tx *sqlx.Tx, taskID TaskID) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE offers
		SET state = 'closed', closed_at = $2
		WHERE task_id = $1 AND state <> 'closed'`, taskID, s.now())
	if err != nil {
		return fmt.Errorf("close offers of task %s: %w", taskID, err)
	}
	return nil
}
