package api

import (
	"context"
	"slices"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// scopeAll stands for everything that is made to order.
const scopeAll = "all"

// GetIntake says whether orders are taken for what is made to order.
func (a *API) GetIntake(ctx context.Context, _ rest.GetIntakeRequestObject) (rest.GetIntakeResponseObject, error) {
	rules, err := a.intakeRules(ctx)
	return rest.GetIntake200JSONResponse{Items: each(rules, func(rule rest.IntakeRule) rest.Opening { return rule.Opening })}, err
}

// ListIntakeRules lists what staff decided about it.
func (a *API) ListIntakeRules(ctx context.Context, _ rest.ListIntakeRulesRequestObject) (rest.ListIntakeRulesResponseObject, error) {
	rules, err := a.intakeRules(ctx)
	return rest.ListIntakeRules200JSONResponse{Items: rules}, err
}

// SetIntakeRule decides it.
func (a *API) SetIntakeRule(ctx context.Context, request rest.SetIntakeRuleRequestObject) (rest.SetIntakeRuleResponseObject, error) {
	rule := orders.IntakeRule{
		WeeklyLimit: request.Body.WeeklyLimit, LongestDays: request.Body.LongestDays, Paused: given(request.Body.Paused),
		Sentence: given(request.Body.Sentence), SentenceEasy: given(request.Body.SentenceEasy), SentenceEn: given(request.Body.SentenceEn),
	}
	if request.Body.ReopensOn != nil {
		rule.ReopensOn = &request.Body.ReopensOn.Time
	}
	made, err := a.Orders.MadeToOrder(ctx)
	if err != nil {
		return nil, err
	}
	if request.Scope != scopeAll {
		at := slices.IndexFunc(made, func(product orders.MadeProduct) bool { return product.Slug == request.Scope })
		if at < 0 {
			return nil, catalog.ErrProductNotFound
		}
		rule.ProductID = made[at].ID
	}
	if err := a.Orders.SetIntake(ctx, by(ctx), rule); err != nil {
		return nil, err
	}
	rules, err := a.intakeRules(ctx)
	return rest.SetIntakeRule200JSONResponse{Items: rules}, err
}

func (a *API) intakeRules(ctx context.Context) ([]rest.IntakeRule, error) {
	intake, err := a.Orders.Intake(ctx)
	if err != nil {
		return nil, err
	}
	made, err := a.Orders.MadeToOrder(ctx)
	if err != nil {
		return nil, err
	}
	scopes := append([]orders.MadeProduct{{Slug: scopeAll, Name: "すべて"}}, made...)
	return each(scopes, func(scope orders.MadeProduct) rest.IntakeRule { return intakeRuleOf(intake, scope) }), nil
}

func intakeRuleOf(intake orders.Intake, scope orders.MadeProduct) rest.IntakeRule {
	rule := intake.Rule(scope.ID)
	return rest.IntakeRule{
		Scope: scope.Slug, Name: scope.Name, Taken: intake.Taken(scope.ID), WeeklyLimit: rule.WeeklyLimit, LongestDays: rule.LongestDays,
		Paused: rule.Paused, ReopensOn: dayOf(rule.ReopensOn), Sentence: optional(rule.Sentence), SentenceEasy: optional(rule.SentenceEasy),
		SentenceEn: optional(rule.SentenceEn), Opening: openingOf(intake.Opening(scope.ID), scope.Slug),
	}
}

func openingOf(opening orders.Opening, scope string) rest.Opening {
	answer := rest.Opening{Product: scope, Open: opening.Closed == "", Reopens: dayOf(opening.Reopens)}
	if opening.Closed != "" {
		answer.Closed = new(rest.IntakeClosed(opening.Closed))
	}
	if opening.Limited {
		answer.Left = &opening.Left
	}
	answer.Sentence = optional(opening.SentenceIn(orders.Japanese))
	return answer
}

// dayOf is nil for no day.
func dayOf(day *time.Time) *types.Date {
	if day == nil {
		return nil
	}
	return &types.Date{Time: *day}
}
