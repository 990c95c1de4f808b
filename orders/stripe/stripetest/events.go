package stripetest

import (
	"encoding/json"
	"fmt"
	"slices"
)

// emit records that something happened to the object, as it is now, and queues the webhooks.
func (s *Server) emit(kind string, object any) {
	snapshot, err := json.Marshal(object)
	if err != nil {
		panic(fmt.Sprintf("stripetest: %s cannot be written as JSON: %v", kind, err)) // our own types
	}
	e := &event{
		ID: newID("evt_"), Object: "event", APIVersion: APIVersion, Created: s.now().Unix(),
		Data: eventData{Object: snapshot}, Request: s.cause, Type: kind,
	}
	s.state.Events.add(e)
	s.dirty = true
	s.queue(e)
}

func (s *Server) getEvent(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	e, ok := s.state.Events.get(c.path("id"))
	if !ok {
		return nil, notFound("event", c.path("id"))
	}
	return e, nil
}

func (s *Server) listEvents(c *call) (any, error) {
	kind, kinds, delivered := c.text("type"), c.texts("types"), c.oneOf("delivery_success", "", "", "true", "false")
	return listOf(c, s.state.Events.Rows, func(e *event) bool {
		return (kind == "" || e.Type == kind) && (len(kinds) == 0 || slices.Contains(kinds, e.Type)) &&
			(delivered == "" || (delivered == "true") == (e.PendingWebhooks == 0))
	})
}

func (s *Server) createEndpoint(c *call) (any, error) {
	address, events := c.requiredText("url"), c.texts("enabled_events")
	version, description, metadata := c.text("api_version"), c.text("description"), c.dictionary("metadata")
	if len(events) == 0 {
		c.at("enabled_events").refuse("parameter_missing", "Missing required param: enabled_events.")
	}
	if err := c.finish(); err != nil {
		return nil, err
	}
	e := s.putEndpoint(newID("we_"), address, newID("whsec_"))
	e.EnabledEvents, e.Description, e.Metadata, e.APIVersion = events, text(description), metadata, text(version)
	shown := *e
	shown.Secret = s.state.Secrets[e.ID]
	return &shown, nil
}

// putEndpoint adds an endpoint for all events, or gives a known one its address and secret anew.
func (s *Server) putEndpoint(id, address, secret string) *endpoint {
	e, ok := s.state.Endpoints.get(id)
	if !ok {
		e = &endpoint{
			ID: id, Object: "webhook_endpoint", APIVersion: APIVersion, Created: s.now().Unix(),
			EnabledEvents: []string{"*"}, Metadata: map[string]string{}, Status: "enabled",
		}
		s.state.Endpoints.add(e)
	}
	e.URL = address
	s.state.Secrets[id] = secret
	return e
}

func (s *Server) getEndpoint(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	e, ok := s.state.Endpoints.get(c.path("id"))
	if !ok {
		return nil, notFound("webhook_endpoint", c.path("id"))
	}
	return e, nil
}

func (s *Server) listEndpoints(c *call) (any, error) {
	return listOf(c, s.state.Endpoints.Rows, func(*endpoint) bool { return true })
}

func (e *endpoint) wants(kind string) bool {
	return e.Status == "enabled" && (slices.Contains(e.EnabledEvents, "*") || slices.Contains(e.EnabledEvents, kind))
}
