package stripetest

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"tsukuriba/internal/yen"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"yen":   func(amount int64) string { return yen.Amount(amount).String() },
	"chain": func(chain string) string { return chainNames[chain] },
	"route": worded(routeWords), "trouble": worded(troubleWords), "standing": worded(intentWords), "returned": worded(refundWords),
	"quarrel": worded(disputeWords), "method": worded(methodWords),
	"moment": func(unix int64) string {
		return time.Unix(unix, 0).In(jst).Format("2006年1月2日 15:04")
	},
}).ParseFS(pageFiles, "pages/*.html"))

var chainNames = map[string]string{
	"familymart": "ファミリーマート", "lawson": "ローソン", "ministop": "ミニストップ", "seicomart": "セイコーマート",
}

var phoneForm = regexp.MustCompile(`^0\d{9,10}$`)

// payView is a snapshot of a session for its pages.
type payView struct {
	Session     session
	Intent      intent
	Lines       []*lineItem
	Note        string
	OffersCard  bool
	OffersCode  bool
	Chains      []string
	Declined    bool
	PhoneError  bool
	Phone       string
	Back        string
	VoucherPage string
}

func (s *Server) addPayPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /pay/{session}", s.showPayPage)
	mux.HandleFunc("POST /pay/{session}", s.takePayment)
	mux.HandleFunc("GET /pay/{session}/3ds", s.showThreeDSecure)
	mux.HandleFunc("POST /pay/{session}/3ds", s.takeThreeDSecure)
	mux.HandleFunc("GET /pay/{session}/voucher", s.showVoucher)
	mux.HandleFunc("POST /pay/{session}/voucher", s.takeVoucher)
}

func (s *Server) view(id string) (view payView, err error) {
	err = s.act(func() error {
		o, err := s.session(id)
		if err != nil {
			return err
		}
		view = payView{
			Session: *o, Lines: s.state.Lines[id], Chains: KonbiniChains, Back: o.returnAddress(),
			OffersCard:  slices.Contains(o.PaymentMethodTypes, "card"),
			OffersCode:  slices.Contains(o.PaymentMethodTypes, "konbini"),
			VoucherPage: s.options.PublicURL + "/pay/" + id + "/voucher",
		}
		if pi, ok := s.state.Intents.get(string(o.PaymentIntent)); ok {
			view.Intent, view.Declined = *pi, pi.LastPaymentError != nil
		}
		if submit, ok := o.CustomText["submit"].(map[string]any); ok {
			view.Note, _ = submit["message"].(string)
		}
		return nil
	})
	return view, err
}

func (s *Server) showPayPage(w http.ResponseWriter, r *http.Request) {
	s.showPay(w, r, http.StatusOK, func(*payView) {})
}

func (s *Server) showPay(w http.ResponseWriter, r *http.Request, status int, adjust func(*payView)) {
	view, err := s.view(r.PathValue("session"))
	if err != nil {
		show(w, http.StatusNotFound, "missing.html", nil)
		return
	}
	adjust(&view)
	if view.Session.Status != "open" {
		show(w, status, "over.html", view)
		return
	}
	show(w, status, "pay.html", view)
}

func show(w http.ResponseWriter, status int, name string, view any) {
	var page strings.Builder
	if err := pages.ExecuteTemplate(&page, name, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(page.String()))
}

func (s *Server) takePayment(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("session")
	next := func() string { return s.successAddress(id) }
	var err error
	switch r.PostFormValue("pay") {
	case "card":
		err = s.PayCard(id)
	case "3ds":
		next = func() string { return s.options.PublicURL + "/pay/" + id + "/3ds" }
		err = s.AskThreeDSecure(id)
	case "declined":
		next = func() string { return s.options.PublicURL + "/pay/" + id }
		err = s.DeclineCard(id)
	case "konbini":
		phone := digitsOf(r.PostFormValue("phone"))
		if phone != "" && !phoneForm.MatchString(phone) {
			s.showPay(w, r, http.StatusUnprocessableEntity, func(v *payView) { v.PhoneError, v.Phone = true, r.PostFormValue("phone") })
			return
		}
		err = s.IssueCode(id, phone)
	default:
		err = ErrNotPayable
	}
	s.goOn(w, r, err, next)
}

// goOn sends the payer on, or shows how the session stands when the act did not fit it.
func (s *Server) goOn(w http.ResponseWriter, r *http.Request, err error, next func() string) {
	switch {
	case errors.Is(err, ErrNotPayable):
		s.showPay(w, r, http.StatusUnprocessableEntity, func(*payView) {})
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		http.Redirect(w, r, next(), http.StatusSeeOther)
	}
}

func (s *Server) successAddress(id string) string {
	view, err := s.view(id)
	if err != nil {
		return s.options.PublicURL + "/pay/" + id
	}
	return view.Back
}

// digitsOf drops hyphens and spaces and turns full-width digits into plain ones.
func digitsOf(phone string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case strings.ContainsRune("-‐－−ー （）() 　", r):
			return -1
		}
		return r
	}, phone)
}

func (s *Server) showThreeDSecure(w http.ResponseWriter, r *http.Request) {
	view, err := s.view(r.PathValue("session"))
	if err != nil || view.Session.Status != "open" || view.Intent.Status != "requires_action" {
		s.showPayPage(w, r)
		return
	}
	show(w, http.StatusOK, "three_d_secure.html", view)
}

func (s *Server) takeThreeDSecure(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("session")
	genuine := r.PostFormValue("answer") == "yes"
	s.goOn(w, r, s.AnswerThreeDSecure(id, genuine), func() string {
		if genuine {
			return s.successAddress(id)
		}
		return s.options.PublicURL + "/pay/" + id
	})
}

func (s *Server) showVoucher(w http.ResponseWriter, r *http.Request) {
	view, err := s.view(r.PathValue("session"))
	if err != nil {
		show(w, http.StatusNotFound, "missing.html", nil)
		return
	}
	show(w, http.StatusOK, "voucher.html", view)
}

func (s *Server) takeVoucher(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("session")
	var err error
	if r.PostFormValue("act") == "lapse" {
		err = s.LapseCode(id)
	} else {
		err = s.PayAtStore(id, r.PostFormValue("chain"))
	}
	s.goOn(w, r, err, func() string { return s.options.PublicURL + "/pay/" + id + "/voucher" })
}
