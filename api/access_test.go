package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"tsukuriba/api"
	"tsukuriba/api/auth"
	"tsukuriba/fulfilment"
)

// described operation with the ids of its path filled in.
type operation struct {
	*openapi3.Operation
	method, path string
}

func (o operation) subject() string {
	if o.Security != nil {
		for _, requirement := range *o.Security {
			for scheme := range requirement {
				return scheme
			}
		}
	}
	return ""
}

func (o operation) permission() auth.Permission {
	text, _ := o.Extensions["x-permission"].(string)
	return auth.Permission(text)
}

var pathParameter = regexp.MustCompile(`\{\w+\}`)

// operations are all that the description has, with each path parameter replaced.
func (h *house) operations(id string) []operation {
	var all []operation
	for path, item := range h.document.Paths.Map() {
		for method, described := range item.Operations() {
			all = append(all, operation{described, method, pathParameter.ReplaceAllLiteralString(path, id)})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.OperationID, b.OperationID) })
	return all
}

// TestAccess asks for every operation as everybody who may not.
func TestAccess(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	roles := map[string]*visitor{}
	for _, role := range []fulfilment.Role{
		fulfilment.Manager, fulfilment.ServiceManager, fulfilment.Instructor, fulfilment.Therapist, fulfilment.ShippingStaff, fulfilment.Accounting,
	} {
		roles[string(role)] = h.staff(role)
	}
	manager := roles["manager"]
	stranger, tablet := h.visitor(), h.tablet(manager)
	member := h.at(manager, h.member("はな", nil))

	var guarded, forbidden int
	for _, operation := range h.operations("x") {
		if operation.subject() == "" {
			continue
		}
		guarded++
		refused := []*visitor{stranger}
		switch operation.subject() {
		case "staff":
			refused = append(refused, tablet, member)
		case "tablet":
			refused = append(refused, manager)
		case "member":
			refused = append(refused, manager, tablet)
		}
		for _, visitor := range refused {
			visitor.refused(401, "not_signed_in", operation.method, operation.path, nil)
		}
		for role, staff := range roles {
			if operation.permission() != "" && !auth.May(role, operation.permission()) {
				forbidden++
				staff.refused(403, "forbidden", operation.method, operation.path, nil)
			}
		}
	}
	if guarded < 35 || forbidden < 30 {
		t.Errorf("only %d operations were tried, %d forbidden", guarded, forbidden)
	}
}

// TestDescriptionIsSecure: what is for staff or members says so, and every staff operation names
// a permission that some role has.
func TestDescriptionIsSecure(t *testing.T) {
	t.Parallel()
	document, err := description()
	must(t, err)
	h := &house{document: document}
	open := []string{"signInStaff", "enrollTablet"}
	signedInIsEnough := []string{"getStaffSession", "signOutStaff"}
	for _, operation := range h.operations("x") {
		inside := strings.HasPrefix(operation.path, "/staff") || strings.HasPrefix(operation.path, "/tablet")
		if guarded := operation.subject() != ""; guarded != (inside && !slices.Contains(open, operation.OperationID)) {
			t.Errorf("%s: guarded %t", operation.OperationID, guarded)
		}
		if operation.subject() != "staff" || slices.Contains(signedInIsEnough, operation.OperationID) {
			continue
		}
		if !auth.May("manager", operation.permission()) {
			t.Errorf("%s wants %q, which no manager has", operation.OperationID, operation.permission())
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	hana := h.member("はな", nil)
	member := h.at(manager, hana)

	member.want(http.MethodDelete, "/tablet/session", nil, nil)
	member.refused(401, "not_signed_in", http.MethodGet, "/tablet/work", nil)
	member.want(http.MethodGet, "/tablet/members", nil, nil) // the tablet stays enrolled
	member.want(http.MethodPost, "/tablet/session", map[string]string{"member_id": hana.String()}, nil)
	_, err := h.db.Exec(`UPDATE tablets SET revoked_at = now()`)
	must(t, err)
	member.refused(401, "not_signed_in", http.MethodGet, "/tablet/work", nil)
	member.refused(401, "not_signed_in", http.MethodGet, "/tablet/members", nil)

	leaver := h.staff(fulfilment.Instructor)
	leaver.want(http.MethodGet, "/staff/session", nil, nil)
	_, err = h.db.Exec(`UPDATE staff SET active = false WHERE role = 'instructor'`)
	must(t, err)
	leaver.refused(401, "not_signed_in", http.MethodGet, "/staff/session", nil)

	manager.want(http.MethodDelete, "/staff/session", nil, nil)
	manager.refused(401, "not_signed_in", http.MethodGet, "/staff/session", nil)
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{PerMinute: 10_000, SignInPerMinute: 5})
	h.staff(fulfilment.Manager)
	v := h.visitor()
	wrong := map[string]string{"email": "manager@example.jp", "password": "not this one"}
	for range 4 {
		v.refused(401, "wrong_sign_in", http.MethodPost, "/staff/session", wrong)
	}
	got := v.ask(http.MethodPost, "/staff/session", map[string]string{"email": "MANAGER@example.jp", "password": password})
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "12" {
		t.Errorf("the sixth attempt: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
	v.refused(401, "wrong_sign_in", http.MethodPost, "/staff/session", map[string]string{"email": "nobody@example.jp", "password": password})
	v.refused(422, "wrong_enrollment_code", http.MethodPost, "/tablet/enrollment", map[string]string{"code": "AAAA-AAAA"})
}

func TestRequestsPerMinute(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{PerMinute: 30}).visitor()
	var refused answer
	for range 40 {
		if refused = v.ask(http.MethodGet, "/products", nil); refused.status != http.StatusOK {
			break
		}
	}
	if refused.status != http.StatusTooManyRequests || refused.header.Get("Retry-After") != "2" || refused.problem(t).Code != "too_many_requests" {
		t.Errorf("%d %s", refused.status, refused.body)
	}
}

// TestCrossOrigin: another site cannot act with the session of a browser.
func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	for _, sent := range []header{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://thief.example"}} {
		manager.refused(403, "cross_origin", http.MethodPost, "/staff/tablets", map[string]string{"name": "x"}, sent)
		manager.refused(403, "cross_origin", http.MethodPost, "/staff/session", map[string]string{"email": "a", "password": "b"}, sent)
		manager.want(http.MethodGet, "/staff/session", nil, nil, sent)
	}
	manager.want(http.MethodPost, "/staff/tablets", map[string]string{"name": "x"}, nil, header{"Sec-Fetch-Site", "same-origin"})
}
