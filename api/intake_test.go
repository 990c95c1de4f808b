package api_test

import (
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

func TestIntake(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	visitor, manager := h.visitor(), h.staff(fulfilment.Manager)
	var intake rest.Intake
	visitor.want(http.MethodGet, "/intake", nil, &intake)
	if len(intake.Items) < 2 || intake.Items[0].Product != "all" || !intake.Items[0].Open || intake.Items[0].Left != nil {
		t.Fatalf("without rules: %+v", intake)
	}
	var rules rest.IntakeRuleList
	manager.want(http.MethodPut, "/staff/intake/all", rest.IntakeRuleRequest{WeeklyLimit: new(1)}, &rules)
	visitor.paid("はる")
	manager.want(http.MethodGet, "/staff/intake", nil, &rules)
	if all := rules.Items[0]; all.Taken != 1 || *all.WeeklyLimit != 1 || *all.Opening.Left != 0 || *all.Opening.Closed != rest.IntakeClosedWeekFull || all.Opening.Reopens == nil {
		t.Errorf("one was ordered: %+v", all)
	}
	other := h.visitor()
	cart := other.cart("なつ").Token
	other.refused(409, "intake_closed", http.MethodPost, "/carts/"+cart+"/checkouts", customer)
	manager.want(http.MethodPut, "/staff/intake/name-tag", rest.IntakeRuleRequest{Paused: new(true), Sentence: new("棚おろしです")}, &rules)
	visitor.want(http.MethodGet, "/intake", nil, &intake)
	for _, opening := range intake.Items {
		if opening.Product == "name-tag" && (opening.Open || *opening.Closed != rest.IntakeClosedPaused || *opening.Sentence != "棚おろしです") {
			t.Errorf("paused: %+v", opening)
		}
	}
	manager.refused(404, "product_not_found", http.MethodPut, "/staff/intake/spoon", rest.IntakeRuleRequest{})
	manager.refused(422, "invalid_fields", http.MethodPut, "/staff/intake/name-tag", rest.IntakeRuleRequest{LongestDays: new(3)})
	h.staff(fulfilment.ShippingStaff).refused(403, "forbidden", http.MethodPut, "/staff/intake/all", rest.IntakeRuleRequest{})
}
