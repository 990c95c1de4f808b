package api_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

func (v *visitor) matters() []rest.Matter {
	v.t.Helper()
	var list rest.MatterList
	v.want(http.MethodGet, "/staff/money/matters", nil, &list)
	return list.Items
}

func TestMatters(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	office := h.staff(fulfilment.Accounting)
	placed := h.visitor().paid("はると")
	if matters := office.matters(); len(matters) != 0 {
		t.Fatalf("matters %+v", matters)
	}
	var order string
	must(t, h.db.Get(&order, `SELECT intent_id FROM payments`))
	manager := h.staff(fulfilment.Manager)
	var found rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &found)
	manager.want(http.MethodPost, "/staff/orders/"+found.Items[0].ID+"/approve", nil, nil)
	h.settle()
	dispute, err := h.stripe.OpenDispute(order, "general")
	must(t, err)
	h.settle()

	matters := office.matters()
	if len(matters) != 1 || matters[0].Kind != "dispute" || *matters[0].OrderNumber != placed.Number || matters[0].Action != rest.OpenEvidence || matters[0].DueAt == nil {
		t.Fatalf("matters %+v", matters)
	}
	packed := office.want(http.MethodGet, "/staff/money/disputes/"+matters[0].Subject+"/evidence", nil, nil)
	if archive, err := zip.NewReader(bytes.NewReader(packed.body), int64(len(packed.body))); err != nil || len(archive.File) < 6 {
		t.Errorf("%d files, %v", len(archive.File), err)
	}
	office.refused(404, "dispute_not_found", http.MethodGet, "/staff/money/disputes/dsp_x/evidence", nil)

	must(t, h.stripe.DecideDispute(dispute, true))
	h.settle()
	won := office.matters()
	if len(won) != 1 || won[0].Action != rest.ReleaseHold {
		t.Fatalf("matters %+v", won)
	}
	act := rest.MatterActionRequest{Action: won[0].Action, Subject: won[0].Subject}
	var left rest.MatterList
	office.want(http.MethodPost, "/staff/money/actions", act, &left, idempotent("release"))
	if len(left.Items) != 0 {
		t.Errorf("left %+v", left.Items)
	}
	again := office.want(http.MethodPost, "/staff/money/actions", act, nil, idempotent("release"))
	if again.header.Get("Idempotent-Replayed") != "true" {
		t.Error("the same key was not replayed")
	}
	act.Subject = "evt_none"
	act.Action = rest.RetryEvent
	office.refused(404, "matter_not_found", http.MethodPost, "/staff/money/actions", act, idempotent("retry"))
	act.Action = "pay_me"
	office.refused(422, "invalid_fields", http.MethodPost, "/staff/money/actions", act, idempotent("invented"))
}
