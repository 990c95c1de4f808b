// Package staff is the console of those who run the workshop: the morning board, orders, work,
// plates, members and tablets, complete without script.
//
// It shows a role only what the role may do, names and addresses only on their own page and never
// without an audit entry, and decides nothing itself: every button is a use case of a domain.
package staff

import (
	"encoding"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// Config is what the pages stand on.
type Config struct {
	Catalog    *catalog.Service
	Orders     *orders.Service
	Fulfilment *fulfilment.Service
	Sessions   *auth.Sessions
	Jobs       http.Handler // pages about the jobs, at JobsPath and below
	Now        func() time.Time
}

// JobsPath is where [Config.Jobs] answers.
const JobsPath = "/staff/jobs"

// console answers under /staff.
type console struct{ Config }

// Mount registers the pages on e. Each line names the permission that its page takes.
func Mount(e *echo.Echo, config Config) error {
	s := &console{config}
	pages := e.Group("/staff", unremembered, echo.WrapMiddleware(config.Sessions.Middleware), s.explained)
	pages.GET("/sign-in", s.showSignIn)
	pages.POST("/sign-in", s.signIn)
	pages.POST("/sign-out", s.signOut)

	pages.GET("", s.may("", s.showBoard))
	pages.GET("/*", s.may("", func(echo.Context, fulfilment.Staff) error { return problem.ErrRouteNotFound }))

	pages.GET("/orders", s.may(auth.ReadOrders, s.showOrders))
	pages.GET("/orders/:order", s.may(auth.ReadOrders, s.showOrder))
	pages.GET("/orders/:order/contact", s.may(auth.ReadContacts, s.showContact))
	pages.POST("/orders/:order/approve", s.may(auth.ApproveOrders, s.approve))
	pages.POST("/orders/:order/refuse", s.may(auth.ApproveOrders, s.refuse))
	pages.POST("/orders/:order/ship", s.may(auth.ShipOrders, s.ship))
	pages.POST("/orders/:order/cancel", s.may(auth.ApproveOrders, s.cancel))
	pages.POST("/orders/:order/holds", s.may(auth.ApproveOrders, s.hold))
	pages.POST("/orders/:order/holds/:reason/release", s.may(auth.ApproveOrders, s.releaseHold))

	pages.GET("/orders/:order/refund", s.may(auth.Money, s.askRefund))
	pages.POST("/orders/:order/write-off", s.may(auth.Money, s.writeOff))
	pages.POST("/orders/:order/refund", s.may(auth.Money, s.refund))
	pages.GET("/refunds/:refund/assign", s.may(auth.Money, s.askAssign))
	pages.POST("/refunds/:refund/assign", s.may(auth.Money, s.assign))
	pages.POST("/refunds/:refund/retry", s.may(auth.Money, s.retryRefund))
	pages.GET("/refunds/:refund/close", s.may(auth.Money, s.askClose))
	pages.POST("/refunds/:refund/close", s.may(auth.Money, s.closeRefund))
	pages.POST("/refunds/:refund/sent", s.may(auth.Money, s.refundSent))
	pages.POST("/refunds/:refund/returned", s.may(auth.Money, s.refundReturned))
	pages.POST("/orders/:order/transfers", s.may(auth.Money, s.enterTransfer))
	pages.POST("/transfers/:transfer/undo", s.may(auth.Money, s.undoTransfer))

	pages.GET("/orders/:order/claim", s.may(auth.ApproveOrders, s.askClaim))
	pages.POST("/orders/:order/claim", s.may(auth.ApproveOrders, s.openClaim))
	pages.POST("/claims/:claim/accept", s.may(auth.ApproveOrders, s.acceptClaim))
	pages.POST("/claims/:claim/decline", s.may(auth.ApproveOrders, s.declineClaim))
	pages.POST("/claims/:claim/photos", s.may(auth.ApproveOrders, s.addClaimPhotos))
	pages.GET("/claims/:claim/photos/:position", s.may(auth.ReadOrders, s.showClaimPhoto))
	pages.POST("/claims/:claim/ship", s.may(auth.ShipOrders, s.shipClaim))

	pages.GET("/stock", s.may(auth.KeepStock, s.showStock))
	pages.POST("/stock/:variant/receive", s.may(auth.KeepStock, s.receiveStock))
	pages.POST("/stock/:variant/correct", s.may(auth.KeepStock, s.correctStock))

	pages.POST("/orders/:order/packing-slip", s.may(auth.ShipOrders, s.packingSlip))
	pages.POST("/orders/:order/gift-card", s.may(auth.ShipOrders, s.giftCard))
	pages.POST("/claims/:claim/packing-slip", s.may(auth.ShipOrders, s.remakeSlip))
	pages.POST("/orders/:order/documents", s.may(auth.Money, s.issueDocument))

	pages.GET("/documents", s.may(auth.Money, s.showDocuments))
	pages.GET("/documents/:document", s.may(auth.Money, s.downloadDocument))
	pages.POST("/documents/:document/reissue", s.may(auth.Money, s.reissueDocument))
	pages.GET("/exports", s.may(auth.Money, s.exportTable))

	pages.GET("/money", s.may(auth.Money, s.showMoney))
	pages.POST("/money", s.may(auth.Money, s.resolveMatter))
	pages.GET("/money/disputes/:dispute/evidence", s.may(auth.Money, s.showEvidence))

	pages.GET("/discounts", s.may(auth.Money, s.showDiscounts))
	pages.POST("/discounts", s.may(auth.Money, s.makeDiscount))
	pages.POST("/discounts/:code/end", s.may(auth.Money, s.endDiscount))

	pages.GET("/prices", s.may(auth.ReadOrders, s.showPrices))
	pages.POST("/prices", s.may(auth.SetPrices, s.addPrice))
	pages.POST("/prices/:key/:from/confirm", s.may(auth.SetPrices, s.confirmPrice))
	pages.POST("/prices/:key/:from/withdraw", s.may(auth.SetPrices, s.withdrawPrice))

	pages.GET("/shop", s.may(auth.EditShop, s.showShop))
	pages.GET("/shop/seller", s.may(auth.EditShop, s.showSeller))
	pages.POST("/shop/seller", s.may(auth.EditShop, s.reviseSeller))
	pages.POST("/shop/seller/versions/:version/withdraw", s.may(auth.EditShop, s.withdrawSeller))
	pages.GET("/shop/pages/:page", s.may(auth.EditShop, s.showPage))
	pages.POST("/shop/pages/:page", s.may(auth.EditShop, s.revisePage))
	pages.POST("/shop/pages/:page/versions/:version/withdraw", s.may(auth.EditShop, s.withdrawPage))

	pages.GET("/closed-days", s.may(auth.ApproveOrders, s.showClosedDays))
	pages.POST("/closed-days", s.may(auth.ApproveOrders, s.closeDay))
	pages.POST("/closed-days/:day/open", s.may(auth.ApproveOrders, s.openDay))

	pages.GET("/thanks", s.may(auth.ApproveOrders, s.showThanks))
	pages.GET("/thanks/:thanks/photo", s.may(auth.ApproveOrders, s.thanksPhoto))
	pages.POST("/thanks/:thanks/show", s.may(auth.ApproveOrders, s.letThanksThrough))
	pages.POST("/thanks/:thanks/decline", s.may(auth.ApproveOrders, s.declineThanks))

	pages.GET("/intake", s.may(auth.ApproveOrders, s.showIntake))
	pages.POST("/intake/:scope", s.may(auth.ApproveOrders, s.setIntake))
	pages.GET("/text-words", s.may(auth.ModerateTexts, s.showWords))
	pages.POST("/text-words", s.may(auth.ModerateTexts, s.addWord))
	pages.POST("/text-words/:word/remove", s.may(auth.ModerateTexts, s.removeWord))

	pages.GET("/letters", s.may(auth.ReadOrders, s.showLetters))
	pages.GET("/letters/:letter/:language", s.may(auth.ReadOrders, s.showLetter))
	pages.POST("/orders/:order/letters/bounced", s.may(auth.ApproveOrders, s.noteBounce))
	pages.POST("/orders/:order/letters/:letter/resend", s.may(auth.ApproveOrders, s.resendLetter))

	pages.GET("/downloads", s.may(auth.EditCatalog, s.showDownloads))
	pages.POST("/downloads/:product", s.may(auth.EditCatalog, s.attachFile))
	pages.GET("/choices", s.may(auth.EditCatalog, s.showChoices))
	pages.GET("/choices/:product", s.may(auth.EditCatalog, s.showChoice))
	pages.POST("/choices/:product", s.may(auth.EditCatalog, s.reviseChoice))

	pages.GET("/work", s.may(auth.ReadWork, s.showWork))
	pages.POST("/offers", s.may(auth.OfferWork, s.offer))
	pages.POST("/offers/:offer/withdraw", s.may(auth.OfferWork, s.withdraw))

	pages.GET("/plates", s.may(auth.ReadWork, s.showPlates))
	pages.GET("/plates/:plate", s.may(auth.ReadWork, s.showPlate))
	pages.POST("/plates/:plate/approve", s.may(auth.ApprovePlates, s.approvePlate))
	pages.POST("/plates/:plate/dissolve", s.may(auth.ApprovePlates, s.dissolvePlate))
	pages.POST("/runs/:run/resolve", s.may(auth.ApprovePlates, s.resolveRun))

	pages.GET("/members", s.may(auth.ReadMembers, s.showMembers))
	pages.GET("/members/:member", s.may(auth.ReadMembers, s.showMember))
	pages.POST("/members/:member/stages", s.may(auth.AgreeStages, s.setStage))
	pages.POST("/members/:member/attendance", s.may(auth.RecordAttend, s.recordAttendance))

	pages.GET("/tablets", s.may(auth.EnrollTablets, s.showTablets))
	pages.POST("/tablets", s.may(auth.EnrollTablets, s.makeCode))

	pages.GET("/jobs", s.may(auth.ManageJobs, s.showJobs))
	pages.Any("/jobs/*", s.may(auth.ManageJobs, s.showJobs))
	return nil
}

// unremembered keeps pages about people out of caches.
func unremembered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// staffPage is a page of somebody who is signed in.
type staffPage func(c echo.Context, who fulfilment.Staff) error

// may lets pass who is signed in and has the permission; "" needs none. People who left are
// looked up each time, so that they are out at once.
func (s *console) may(permission auth.Permission, next staffPage) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, err := s.signedIn(c)
		if errors.Is(err, fulfilment.ErrStaffNotFound) {
			return c.Redirect(http.StatusSeeOther, "/staff/sign-in")
		}
		if err != nil {
			return err
		}
		if permission != "" && !auth.May(string(who.Role), permission) {
			return problem.ErrForbidden
		}
		if err := s.countMatters(c, who); err != nil {
			return err
		}
		return next(c, who)
	}
}

func (s *console) signedIn(c echo.Context) (fulfilment.Staff, error) {
	var id fulfilment.StaffID
	if id.UnmarshalText([]byte(s.Sessions.ID(c.Request().Context(), auth.Staff))) != nil {
		return fulfilment.Staff{}, fulfilment.ErrStaffNotFound
	}
	return s.Fulfilment.StaffByID(c.Request().Context(), id)
}

// explained answers whatever went wrong with a page that says what can be done.
func (s *console) explained(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil || c.Response().Committed {
			return err
		}
		told := problem.From(err, problem.Japanese)
		if told.Status >= http.StatusInternalServerError {
			slog.ErrorContext(c.Request().Context(), "page failed", "method", c.Request().Method, "route", c.Path(), "error", err)
		}
		head := ui.StaffHead{PageHead: pageHead(c, told.Title)}
		if who, err := s.signedIn(c); err == nil {
			head = headFor(c, who, told.Title, "")
		}
		return render(c, told.Status, failure(failurePage{head, ui.Failure{
			Status: told.Status, Title: told.Title, Help: told.Detail,
			Actions: []ui.Action{{Label: "今朝の確認へ", URL: "/staff", Icon: ui.IconArrowLeft}},
		}}))
	}
}

func by(who fulfilment.Staff) audit.Actor { return audit.Actor{Role: audit.Staff, ID: who.ID.String()} }

// can reports whether somebody may do something, for hiding what they may not.
func can(who fulfilment.Staff, permission auth.Permission) bool {
	return auth.May(string(who.Role), permission)
}

// idParam reads an id from the path; what is none leads nowhere.
func idParam[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](c echo.Context, name string,
) (value T, err error) {
	if P(&value).UnmarshalText([]byte(c.Param(name))) != nil {
		return value, problem.ErrRouteNotFound
	}
	return value, nil
}

func render(c echo.Context, status int, page templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	if err := page.Render(c.Request().Context(), c.Response()); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	return nil
}

// backTo returns to a page with a word about what was done.
func backTo(c echo.Context, address, done string) error {
	if c.FormValue("from") == "board" {
		address = "/staff"
	}
	return c.Redirect(http.StatusSeeOther, address+"?done="+done)
}

func pageHead(c echo.Context, title string) ui.PageHead {
	head := ui.HeadFor(c.Request(), title)
	head.NoIndex = true
	if words, known := deed(c.QueryParam("done")); known {
		head.Notices = []ui.Notice{{Kind: ui.NoticeDone, Text: words}}
	}
	return head
}

// parts says what the parts of the console take.
var parts = map[string]auth.Permission{
	"/staff/orders": auth.ReadOrders, lettersAddress: auth.ReadOrders, "/staff/work": auth.ReadWork, "/staff/plates": auth.ReadWork,
	"/staff/documents": auth.Money, "/staff/stock": auth.KeepStock, choicesPath: auth.EditCatalog, downloadsPath: auth.EditCatalog, "/staff/members": auth.ReadMembers, "/staff/tablets": auth.EnrollTablets, JobsPath: auth.ManageJobs,
	moneyPath:          auth.Money,
	pricesAddress:      auth.ReadOrders,
	"/staff/discounts": auth.Money, "/staff/closed-days": auth.ApproveOrders, intakePath: auth.ApproveOrders, wordsPath: auth.ModerateTexts,
	thanksPath: auth.ApproveOrders, shopPath: auth.EditShop,
}

// headFor is the frame of a page, with the parts that this person may open.
func headFor(c echo.Context, who fulfilment.Staff, title, current string) ui.StaffHead {
	head := ui.StaffHead{PageHead: pageHead(c, title), Person: who.Name, Role: roles[who.Role]}
	for _, group := range ui.StaffNav(current) {
		group.Items = slices.DeleteFunc(group.Items, func(part ui.NavItem) bool {
			needed, limited := parts[part.URL]
			return limited && !can(who, needed)
		})
		mattersIn(c, group.Items)
		if len(group.Items) > 0 {
			head.Nav = append(head.Nav, group)
		}
	}
	return head
}
