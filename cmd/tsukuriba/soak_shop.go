package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/internal/devpg"
	"tsukuriba/internal/mail/catcher"
	"tsukuriba/internal/postgres"
	"tsukuriba/orders/stripe/stripetest"
)

const soakSecret = "whsec_soak"

// startSoak opens a private shop: two servers behind a door, two workers, a stand-in of Stripe.
func startSoak(ctx context.Context, seed uint64, out io.Writer) (_ *soak, err error) {
	s := &soak{seed: seed, out: out, began: time.Now(), tally: map[string]int{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop(false))
		}
	}()
	if s.dir, err = os.MkdirTemp("", "tsukuriba-soak-"); err != nil {
		return nil, fmt.Errorf("make room for a private shop: %w", err)
	}
	if err := s.openDatabase(ctx); err != nil {
		return nil, err
	}
	if s.letters, err = startCatcher(ctx, s.dir); err != nil {
		return nil, err
	}
	if s.door, err = openDoor(); err != nil {
		return nil, err
	}
	s.url = s.door.url
	if s.standIn, err = stripetest.Start(stripetest.Options{
		WebhookURL: s.url + api.BasePath + "/webhooks/stripe", WebhookSecret: soakSecret,
	}); err != nil {
		return nil, err
	}
	seal, err := keptSecret(s.dir, "seal.key")
	if err != nil {
		return nil, err
	}
	if err := s.hire(ctx, s.environment(seal)); err != nil {
		return nil, err
	}
	return s, s.lookAround(ctx)
}

func (s *soak) openDatabase(ctx context.Context) error {
	var err error
	if s.cluster, err = startCluster(ctx, filepath.Join(s.dir, "pg"), os.Getenv("PG_BINDIR")); err != nil {
		return err
	}
	s.db, err = postgres.Open(ctx, s.cluster.DSN(devDatabase))
	return err
}

// environment is how the processes are told where everything is.
func (s *soak) environment(seal string) []string {
	return append(os.Environ(),
		"DATABASE_URL="+s.cluster.DSN(devDatabase), "PUBLIC_URL="+s.url, "BLOBS="+filepath.Join(s.dir, "blobs"), "TRUST_PROXY=true",
		"SEAL_KEY="+seal, "STRIPE_SECRET_KEY=sk_test_soak", "STRIPE_API_URL="+s.standIn.URL(),
		"STRIPE_WEBHOOK_SECRETS="+soakSecret, "SMTP_URL=smtp://"+s.letters.address)
}

// hire seeds people and goods and starts the processes. Workers leave the slicing alone: this is
// about money.
func (s *soak) hire(ctx context.Context, env []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	seed := exec.CommandContext(ctx, self, "seed")
	seed.Env = env
	if said, err := seed.CombinedOutput(); err != nil {
		return fmt.Errorf("seed the shop: %w\n%s", err, said)
	}
	if _, err := s.db.ExecContext(ctx, `UPDATE variants SET on_hand = 400 WHERE tracked`); err != nil {
		return fmt.Errorf("fill the shelf: %w", err)
	}
	for i := range 2 {
		port, err := freePort()
		if err != nil {
			return err
		}
		listen := fmt.Sprintf("127.0.0.1:%d", port)
		s.door.add("http://" + listen)
		s.nodes = append(s.nodes,
			&node{name: fmt.Sprintf("serve %d", i+1), program: self, args: []string{"serve"}, env: append(env[:len(env):len(env)], "LISTEN="+listen), dir: s.dir},
			&node{name: fmt.Sprintf("work %d", i+1), program: self, args: []string{"work", "--queues", "default," + mailQueue}, env: env, dir: s.dir})
	}
	for _, node := range s.nodes {
		if err := node.start(0); err != nil {
			return err
		}
	}
	for _, room := range s.door.rooms {
		if err := awaitHealthy(ctx, room.String()); err != nil {
			return err
		}
	}
	return nil
}

// lookAround finds what there is to buy, and has one text designed.
func (s *soak) lookAround(ctx context.Context) error {
	guest := newVisitor("客", s.url)
	var page rest.ProductPage
	if err := guest.ask(ctx, http.MethodGet, "/products", nil, &page); err != nil {
		return err
	}
	for _, listed := range page.Items {
		var product rest.Product
		if err := guest.ask(ctx, http.MethodGet, "/products/"+listed.Slug, nil, &product); err != nil {
			return err
		}
		if product.Kind == rest.Stock {
			s.goods.shelf = append(s.goods.shelf, product)
		}
	}
	slug, err := findPersonalized(ctx, guest)
	if err != nil {
		return err
	}
	if err := guest.ask(ctx, http.MethodGet, "/products/"+slug, nil, &s.goods.tag); err != nil {
		return err
	}
	if len(s.goods.shelf) == 0 {
		return errors.New("the shelf is empty")
	}
	return guest.ask(ctx, http.MethodPost, "/designs", rest.DesignRequest{Product: slug, Text: "はると"}, &s.goods.design)
}

// stop ends everything; the folder with the logs stays when something went wrong.
func (s *soak) stop(well bool) error {
	var failures []error
	for _, node := range s.nodes {
		failures = append(failures, node.stop())
	}
	if s.standIn != nil {
		failures = append(failures, s.standIn.Close())
	}
	if s.door != nil {
		failures = append(failures, s.door.server.Close())
	}
	if s.letters != nil {
		failures = append(failures, s.letters.stop())
	}
	if s.db != nil {
		failures = append(failures, s.db.Close())
	}
	if s.cluster != nil {
		failures = append(failures, s.cluster.Stop())
	}
	if well {
		return errors.Join(append(failures, os.RemoveAll(s.dir))...)
	}
	fmt.Fprintln(s.out, "what the processes said lies in", s.dir)
	return errors.Join(failures...)
}

// node is one process of the shop.
type node struct {
	name, program string
	args, env     []string
	dir           string

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{}
}

// start runs the process, whose clock is ahead by so much.
func (n *node) start(ahead time.Duration) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	log, err := os.OpenFile(filepath.Join(n.dir, n.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("start %s: %w", n.name, err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(n.program, n.args...)
	cmd.Env = append(n.env[:len(n.env):len(n.env)], "CLOCK_AHEAD="+ahead.String())
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", n.name, err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(done)
	}()
	n.cmd, n.done = cmd, done
	return nil
}

// end sends the process a signal and waits until it is gone.
func (n *node) end(signal os.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cmd != nil {
		_ = n.cmd.Process.Signal(signal) // it may have gone already
		<-n.done
	}
}

// revive starts a process that has ended by itself, as a supervisor does.
func (n *node) revive() error {
	n.mu.Lock()
	gone := false
	select {
	case <-n.done:
		gone = true
	default:
	}
	n.mu.Unlock()
	if !gone {
		return nil
	}
	return n.start(0)
}

func (n *node) stop() error {
	n.end(os.Interrupt)
	return nil
}

// door is a load balancer: one address before all servers.
type door struct {
	url    string
	server *http.Server

	mu    sync.Mutex
	rooms []*url.URL
}

func openDoor() (*door, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a door: %w", err)
	}
	d := &door{url: "http://" + listener.Addr().String()}
	d.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(d.room())
			r.Out.Host = r.In.Host
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }, // it was killed
	}}
	go func() { _ = d.server.Serve(listener) }() // ends with Close
	return d, nil
}

func (d *door) add(address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	room, _ := url.Parse(address) // our own
	d.rooms = append(d.rooms, room)
}

func (d *door) room() *url.URL {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rooms[rand.IntN(len(d.rooms))]
}

// letterCatcher takes the shop's mails.
type letterCatcher struct {
	*catcher.Catcher
	address string
	cancel  context.CancelFunc
	ended   chan error
}

func startCatcher(ctx context.Context, dir string) (*letterCatcher, error) {
	mails, err := catcher.New(filepath.Join(dir, "mails"))
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port for mails: %w", err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &letterCatcher{Catcher: mails, address: listener.Addr().String(), cancel: cancel, ended: make(chan error, 1)}
	go func() { c.ended <- mails.Serve(ctx, listener) }()
	return c, nil
}

func (c *letterCatcher) stop() error {
	c.cancel()
	return <-c.ended
}

// check runs the checker and returns what it found.
func (s *soak) check(ctx context.Context, options ...string) (string, error) {
	s.mu.Lock()
	database := s.cluster.DSN(devDatabase)
	s.mu.Unlock()
	var said bytes.Buffer
	err := check(ctx, database, &said, options...)
	return said.String(), err
}

// restartDatabase stops PostgreSQL once, cutting everybody off, and starts it again.
func (s *soak) restartDatabase(ctx context.Context, after time.Duration) error {
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(after):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally["database restarts"]++
	if err := s.cluster.Stop(); err != nil {
		return err
	}
	var err error
	s.cluster, err = devpg.Start(context.WithoutCancel(ctx), devpg.Config{Dir: filepath.Join(s.dir, "pg"), BinDir: os.Getenv("PG_BINDIR")})
	return err
}
