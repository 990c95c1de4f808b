package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment/slicer"
	"tsukuriba/internal/postgres"
	"tsukuriba/migrations"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe"
	"tsukuriba/web/assets"
)

var errNoDatabase = remark("not looked at without a database")

func (d *doctor) migrations(ctx context.Context) (string, error) {
	if d.db == nil {
		return "", errNoDatabase
	}
	pending, err := postgres.Pending(ctx, d.db, migrations.FS)
	if err != nil {
		return "", err
	}
	if pending {
		return "", errOldDatabase
	}
	return "the database is of this version", nil
}

// search wants Japanese pairs of letters for every product that has a name of two.
func (d *doctor) search(ctx context.Context) (string, error) {
	if d.db == nil {
		return "", errNoDatabase
	}
	var found struct {
		Products int `db:"products"`
		Lost     int `db:"lost"`
	}
	err := d.db.GetContext(ctx, &found, `
		SELECT count(*) AS products, count(*) FILTER (WHERE search_grams = '{}') AS lost
		FROM products
		WHERE length(name) > 1`)
	switch {
	case err != nil:
		return "", fmt.Errorf("look at what search finds: %w", err)
	case found.Lost > 0:
		return "", fmt.Errorf("%d of %d products cannot be found by a part of their name: save them again", found.Lost, found.Products)
	}
	return fmt.Sprintf("%d products can be found by a part of their name", found.Products), nil
}

const (
	builtIn    = 2026            // no clock shows an earlier year
	mostSkewed = 2 * time.Second // signatures of Stripe's webhooks allow 300 s, jobs are due by the database's clock
)

// clock is sane, knows the zone of Japan, and agrees with the database's.
func (d *doctor) clock(ctx context.Context) (string, error) {
	now := time.Now()
	if now.Year() < builtIn {
		return "", fmt.Errorf("this machine believes it is %s: set its clock", now.Format(time.DateOnly))
	}
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		return "", fmt.Errorf("the zone Asia/Tokyo is unknown: install the time zone data (`apt-get install tzdata`): %w", err)
	}
	if _, offset := now.In(zone).Zone(); offset != 9*60*60 {
		return "", fmt.Errorf("Asia/Tokyo is %d s from UTC: the time zone data are damaged", offset)
	}
	said := now.In(zone).Format("2006-01-02 15:04 MST")
	if d.db == nil {
		return said, nil
	}
	var theirs time.Time
	asked := time.Now()
	if err := d.db.GetContext(ctx, &theirs, `SELECT clock_timestamp()`); err != nil {
		return "", fmt.Errorf("ask the database for its time: %w", err)
	}
	skew := theirs.Sub(asked.Add(time.Since(asked) / 2))
	if skew.Abs() > mostSkewed {
		return "", fmt.Errorf("the database's clock is %s from ours: synchronize both", skew.Round(time.Millisecond))
	}
	return fmt.Sprintf("%s, %s from the database's", said, skew.Round(time.Millisecond)), nil
}

func (d *doctor) fonts(context.Context) (string, error) {
	book, err := tag.LoadFonts()
	if err != nil {
		return "", err
	}
	_, err = book.Build(doctorTag(book))
	return fmt.Sprintf("%d for tags", len(book.Fonts())), err
}

// doctorTag is small, and has the letters that go missing first.
func doctorTag(book *tag.Book) tag.Spec {
	return tag.Spec{
		Text: "髙﨑", Font: book.Fonts()[0].ID, Em: 8 * tag.Millimeter, Base: tag.Millimeter, Relief: tag.Millimeter / 2,
		Margin: 2 * tag.Millimeter, Radius: tag.Millimeter,
	}
}

// slicer slices a real tag, which is accepted only once all its G-code was followed.
func (d *doctor) slicer(ctx context.Context) (string, error) {
	program := slicer.New(slicer.Options{Path: d.config.Slicer, Log: slog.New(slog.DiscardHandler)})
	version, err := program.Version(ctx)
	if err != nil {
		return "", err
	}
	book, err := tag.LoadFonts()
	if err != nil {
		return "", err
	}
	spec := doctorTag(book)
	model, err := book.Build(spec)
	if err != nil {
		return "", err
	}
	began := time.Now()
	result, err := program.Slice(ctx, onePiece(spec, model))
	if err != nil {
		return "", fmt.Errorf("a test slice with PrusaSlicer %s did not come out: %w", version, err)
	}
	return fmt.Sprintf("PrusaSlicer %s; a test slice of %d layers was verified in %.1f s", version, result.Layers, time.Since(began).Seconds()), nil
}

// onePiece is a plate with one tag near the middle, in two colors.
func onePiece(spec tag.Spec, model *tag.Model) slicer.Plate {
	profile := slicer.PLA020()
	return slicer.Plate{
		BaseColor: "#f1eadb", TextColor: "#3f6b4f", Profile: profile, SwapZ: profile.LayerAbove(int32(spec.Base)),
		Objects: []slicer.Object{{
			Name: "tag", Mesh: model.Mesh, X: (profile.BedWidth - int32(model.Width)) / 2, Y: (profile.BedDepth - int32(model.Height)) / 2,
		}},
	}
}

func (d *doctor) frontEnd(context.Context) (string, error) {
	return "built into this program", assets.Check()
}

const (
	littleDisk = 1 << 30  // bytes; below this, somebody should make room
	noDisk     = 64 << 20 // and below this, pictures and G-code can no longer be kept
)

// disk is what is left where blobs and, if it runs here, the database lie.
func (d *doctor) disk(ctx context.Context) (string, error) {
	places := map[string]string{}
	if folder, isFolder := strings.CutPrefix(d.config.Blobs, "file://"); isFolder || !strings.Contains(d.config.Blobs, "://") {
		places["blobs"] = folder
	}
	var data string
	if d.db != nil && d.db.GetContext(ctx, &data, `SELECT current_setting('data_directory')`) == nil { // not everybody may ask
		if _, err := os.Stat(data); err == nil {
			places["database"] = data
		}
	}
	var said []string
	var scarce error
	for _, what := range []string{"blobs", "database"} {
		if places[what] == "" {
			continue
		}
		free, err := freeBytes(places[what])
		if err != nil {
			return "", err
		}
		said = append(said, fmt.Sprintf("%.1f GB free for %s", float64(free)/1e9, what))
		if err := roomFor(what, free); err != nil {
			scarce = err
		}
		if free < noDisk {
			return "", scarce
		}
	}
	return strings.Join(said, ", "), scarce
}

func roomFor(what string, free uint64) error {
	switch {
	case free < noDisk:
		return fmt.Errorf("only %d MB are free for %s: make room", free>>20, what)
	case free < littleDisk:
		return remark(fmt.Sprintf("only %d MB are free for %s: make room soon", free>>20, what))
	}
	return nil
}

// freeBytes looks at the file system of a folder, or of the nearest one above that exists.
func freeBytes(folder string) (uint64, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return 0, err
	}
	for _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist); _, err = os.Stat(folder) {
		folder = filepath.Dir(folder)
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, fmt.Errorf("look at the disk of %s: %w", folder, err)
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}

// mail waits for the greeting of the mail server.
func (d *doctor) mail(ctx context.Context) (string, error) {
	if d.config.SMTP == "" {
		return "", remark("SMTP_URL is not set; `tsukuriba dev` catches mails by itself")
	}
	server, err := url.Parse(d.config.SMTP)
	if err != nil || server.Hostname() == "" {
		return "", fmt.Errorf("SMTP_URL is not like smtp://host:587")
	}
	address := net.JoinHostPort(server.Hostname(), mailPort(server))
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	var connection net.Conn
	if server.Scheme == "smtps" {
		connection, err = (&tls.Dialer{NetDialer: dialer}).DialContext(ctx, "tcp", address)
	} else {
		connection, err = dialer.DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return "", fmt.Errorf("the mail server does not answer: %w", err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second)) // a connection that cannot have one fails at reading
	if _, _, err := textproto.NewConn(connection).ReadResponse(220); err != nil {
		return "", fmt.Errorf("%s is no mail server: %w", address, err)
	}
	return address + " answers", nil
}

func mailPort(server *url.URL) string {
	switch {
	case server.Port() != "":
		return server.Port()
	case server.Scheme == "smtps":
		return "465"
	default:
		return "25"
	}
}

// stripe asks the account, or the stand-in of a running dev, for a webhook endpoint that fits.
func (d *doctor) stripe(ctx context.Context) (string, error) {
	config, name := d.config, "Stripe"
	if config.StripeKey == "" && d.dev {
		config.StripeKey, config.StripeSecrets, config.StripeURL = "sk_test_standin", []string{"whsec_"}, config.PublicURL+standInPath
	}
	if config.StripeKey == "" {
		return "", remark("STRIPE_SECRET_KEY is not set; `tsukuriba dev` has a stand-in")
	}
	if config.StripeURL != "" {
		name = "the stand-in at " + config.StripeURL
	}
	gateway, err := stripe.New(stripe.Config{
		SecretKey: config.StripeKey, WebhookSecrets: config.StripeSecrets, BackendURL: config.StripeURL, Live: config.stripeIsLive(),
	})
	if err != nil {
		return "", err
	}
	err = gateway.CheckEndpoint(ctx)
	if d.config.StripeKey == "" && errors.Is(err, orders.ErrGatewayUnavailable) {
		return "", remark(name + " does not answer: set PUBLIC_URL to where dev listens")
	}
	return name + " has an endpoint with API version and events as they should be", err
}
