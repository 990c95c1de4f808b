package stripetest

import (
	"context"
	"slices"
	"sync"
)

// Moment is a point on the way of a request to the API.
type Moment int

// The points at which a request can be stopped.
const (
	BeforeWork   Moment = iota // it has arrived and nothing is done; its key is in flight
	BeforeAnswer               // all is done and remembered, and nobody has been told
)

// Gate stops one request until it is opened, whatever becomes of the client meanwhile.
type Gate struct {
	route           string
	moment          Moment
	reached, opened chan struct{}
	open            sync.Once
}

// StopAt has the next request to a route, named as in Fault, wait at a moment; another gate stops
// the one after it. Replayed answers are not stopped. Heal opens all gates, a restart forgets them.
func (s *Server) StopAt(route string, moment Moment) *Gate {
	gate := &Gate{route: route, moment: moment, reached: make(chan struct{}), opened: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gates = append(s.gates, gate)
	return gate
}

// Reached is closed once the request stands at the gate.
func (g *Gate) Reached() <-chan struct{} { return g.reached }

// Open lets the request go on, or the next one pass. Opening twice is fine.
func (g *Gate) Open() { g.open.Do(func() { close(g.opened) }) }

// takeGate is the gate that a request will come to, or nil.
func (s *Server) takeGate(route string) *Gate {
	at := slices.IndexFunc(s.gates, func(g *Gate) bool { return g.route == "" || g.route == route })
	if at < 0 {
		return nil
	}
	taken := s.gates[at]
	s.gates = slices.Delete(s.gates, at, at+1)
	s.stopped = append(s.stopped, taken)
	return taken
}

func (s *Server) openGates() {
	for _, gate := range slices.Concat(s.gates, s.stopped) {
		gate.Open()
	}
	s.gates, s.stopped = nil, nil
}

// pass waits at the gate if it stands at this moment, but not longer than the server lives.
func (g *Gate) pass(stopping context.Context, at Moment) {
	if g == nil || g.moment != at {
		return
	}
	close(g.reached)
	select {
	case <-g.opened:
	case <-stopping.Done():
	}
}
