// Command tsukuriba is the shop and the workbench in one binary. Every option is declared in
// config.go, every part is joined in wire.go, and each command has a file of its own.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// What the demo workshop signs in with; it exists in seeded databases only.
const (
	demoEmail    = "kanri@example.jp"
	demoPassword = "tsukuriba-demo"
)

type commands struct {
	Dev       DevCmd       `cmd:"" help:"Run the whole workshop on this machine: database, shop, worker, Stripe stand-in, mail catcher."`
	Serve     ServeCmd     `cmd:"" help:"Answer HTTP: shop, console, tablet and API."`
	Work      WorkCmd      `cmd:"" help:"Work on jobs: payments, slicing, mails, printers."`
	Migrate   MigrateCmd   `cmd:"" help:"Bring the database to this version."`
	Seed      SeedCmd      `cmd:"" help:"Fill an empty database with the demo workshop."`
	Walk      WalkCmd      `cmd:"" help:"Drive the line from a typed name to a parcel over HTTP, and check the database."`
	Soak      SoakCmd      `cmd:"" help:"Let a random crowd, faults and killed processes loose on a private shop, and compare the ledgers."`
	Check     CheckCmd     `cmd:"" help:"Check every invariant of money and making in the database."`
	Doctor    DoctorCmd    `cmd:"" help:"Look whether this machine has what it needs, and say what to do."`
	Calibrate CalibrateCmd `cmd:"" help:"Fit the instant estimate to real slices of a profile."`
	Tag       TagCmd       `cmd:"" help:"Write one tag as .stl, .3mf, .glb or .png, without a database."`
}

func main() {
	var cli commands
	parsed := kong.Parse(&cli,
		kong.Name("tsukuriba"),
		kong.Description("Shop and workbench of a workshop that 3D-prints names."),
		kong.UsageOnError(),
		kong.Vars{"demo_email": demoEmail, "demo_password": demoPassword, "dev_dir": devDir},
	)
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "tsukuriba:", err)
		os.Exit(1)
	}
}

// untilInterrupted is done at Ctrl-C or a request to terminate.
func untilInterrupted() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}
