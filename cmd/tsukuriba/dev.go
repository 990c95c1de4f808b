package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"tsukuriba/api"
	"tsukuriba/internal/devpg"
	"tsukuriba/internal/mail/catcher"
	"tsukuriba/migrations"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

// DevCmd runs the whole workshop on this machine, with demo data and without any account anywhere.
type DevCmd struct {
	Dir  string `help:"Where database, files and secrets of this workshop lie." default:"${dev_dir}"`
	Port int    `help:"Port of the shop on this machine." env:"PORT" default:"8080"`
}

// Run starts everything and stops it cleanly at Ctrl-C.
func (cmd *DevCmd) Run() (err error) {
	ctx, stop := untilInterrupted()
	defer stop()
	began := time.Now()
	listener, err := listenLocal(ctx, cmd.Port)
	if err != nil {
		return err
	}
	dev, err := startDev(ctx, cmd, os.Stdout)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, dev.stop()) }()

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(ctx, listener, dev.handler) })
	group.Go(func() error { return dev.catcher.Serve(ctx, dev.smtp) })
	group.Go(func() error { return dev.workshop.listen(ctx) })
	group.Go(func() error { return dev.workshop.bus.Work(ctx) })
	printAddresses(os.Stdout, cmd.Port, time.Since(began))
	return group.Wait()
}

// devParts is what `dev` runs besides the workshop itself.
type devParts struct {
	cluster      *devpg.Cluster
	standIn      *stripetest.Server
	standInState string // its file; empty with a key of Stripe's own
	catcher      *catcher.Catcher
	smtp         net.Listener
	log          *os.File
	workshop     *workshop
	handler      *echo.Echo
}

func startDev(ctx context.Context, cmd *DevCmd, out io.Writer) (_ *devParts, err error) {
	dev := &devParts{}
	defer func() {
		if err != nil {
			err = errors.Join(err, dev.stop())
		}
	}()
	config, err := readConfig()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cmd.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder %s cannot be made: %w", cmd.Dir, err)
	}
	if err := keepOrPutAside(ctx, cmd.Dir, migrations.FS, out); err != nil {
		return nil, err
	}
	if dev.log, err = os.OpenFile(filepath.Join(cmd.Dir, "dev.log.json"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(dev.log, nil)))
	fmt.Fprintln(out, "PostgreSQL …")
	if dev.cluster, err = startCluster(ctx, filepath.Join(cmd.Dir, "pg"), config.PostgresFolder); err != nil {
		return nil, err
	}
	if err := dev.fill(&config, cmd); err != nil {
		return nil, err
	}
	if dev.workshop, err = assemble(ctx, config); err != nil {
		return nil, err
	}
	if err := seed(ctx, dev.workshop, dev.standInState, out); err != nil {
		return nil, err
	}
	if err := noteSchema(cmd.Dir, migrations.FS); err != nil {
		return nil, err
	}
	if err := dev.openStandIn(config); err != nil { // after seeding, which pays in the past
		return nil, err
	}
	return dev, dev.mount()
}

// fill gives the options that a development machine has not set, and opens the mail catcher.
func (dev *devParts) fill(config *Config, cmd *DevCmd) (err error) {
	config.PublicURL = fmt.Sprintf("http://localhost:%d", cmd.Port)
	config.DatabaseURL = dev.cluster.DSN(devDatabase)
	config.Blobs = filepath.Join(cmd.Dir, "blobs")
	if config.SealKey, err = keptSecret(cmd.Dir, "seal.key"); err != nil {
		return err
	}
	if dev.smtp, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return fmt.Errorf("open a port for mails: %w", err)
	}
	config.SMTP = "smtp://" + dev.smtp.Addr().String()
	if dev.catcher, err = catcher.New(filepath.Join(cmd.Dir, "mails")); err != nil {
		return err
	}
	if config.StripeKey != "" { // somebody tries Stripe's own test mode
		return nil
	}
	secret, err := keptSecret(cmd.Dir, "stripe-webhook.key")
	if err != nil {
		return err
	}
	config.StripeKey, config.StripeSecrets = "sk_test_standin", []string{"whsec_" + secret}
	config.StripeURL = config.PublicURL + standInPath
	dev.standInState = filepath.Join(cmd.Dir, "stripe.json")
	return nil
}

// openStandIn starts our Stripe, unless somebody tries the real one.
func (dev *devParts) openStandIn(config Config) (err error) {
	if dev.standInState == "" {
		return nil
	}
	dev.standIn, err = stripetest.New(stripetest.Options{
		PublicURL: config.StripeURL, WebhookURL: config.PublicURL + api.BasePath + "/webhooks/stripe",
		WebhookSecret: config.StripeSecrets[0], WebhookEvents: stripe.WebhookEvents, StateFile: dev.standInState,
	})
	return err
}

const standInPath = "/stripe"

// mount adds the stand-ins to the shop, so that all is at one address.
func (dev *devParts) mount() (err error) {
	if dev.handler, err = dev.workshop.handler(api.Limits{}); err != nil {
		return err
	}
	under := func(path string, handler http.Handler) {
		dev.handler.GET(path, func(c echo.Context) error { return c.Redirect(http.StatusSeeOther, path+"/") }) // links in it are relative
		dev.handler.Any(path+"/*", echo.WrapHandler(http.StripPrefix(path, handler)))
	}
	under("/mails", dev.catcher.Handler())
	if dev.standIn != nil {
		under(standInPath, dev.standIn)
	}
	return nil
}

// stop ends what was started, last first.
func (dev *devParts) stop() error {
	var failures []error
	if dev.standIn != nil {
		failures = append(failures, dev.standIn.Close())
	}
	if dev.workshop != nil {
		failures = append(failures, dev.workshop.close())
	}
	if dev.smtp != nil {
		if err := dev.smtp.Close(); !errors.Is(err, net.ErrClosed) {
			failures = append(failures, err)
		}
	}
	if dev.cluster != nil {
		failures = append(failures, dev.cluster.Stop())
	}
	if dev.log != nil {
		failures = append(failures, dev.log.Close())
	}
	return errors.Join(failures...)
}

func printAddresses(out io.Writer, port int, took time.Duration) {
	base := fmt.Sprintf("http://localhost:%d", port)
	fmt.Fprintf(out, `
つくり場 is open (after %.1f s). Ctrl-C closes it.

  Shop      %[2]s
  Console   %[2]s/staff        %[3]s / %[4]s (manager)
  Tablet    %[2]s/tablet       code: console → タブレット; then tap a picture (PIN, where asked: 1234)
  API       %[2]s/api/openapi.yaml
  Mails     %[2]s/mails
  Stripe    %[2]s/stripe/panel (a stand-in: no money moves)

`, took.Seconds(), base, demoEmail, demoPassword)
}
