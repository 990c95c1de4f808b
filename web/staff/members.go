package staff

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

type membersPage struct {
	Head  ui.StaffHead
	Table ui.Table
}

func memberAddress(id fulfilment.MemberID) string { return "/staff/members/" + id.String() }

func (s *console) showMembers(c echo.Context, who fulfilment.Staff) error {
	members, err := s.Fulfilment.Members(c.Request().Context())
	if err != nil {
		return err
	}
	page := membersPage{Head: headFor(c, who, "利用者", "/staff/members"), Table: ui.Table{
		Caption: "利用者の一覧", Columns: []ui.Column{{Label: "名前"}, {Label: "今日"}, {Label: "段階（しごとごと）"}},
	}}
	for _, member := range members {
		page.Table.Rows = append(page.Table.Rows, memberRow(member))
	}
	return render(c, http.StatusOK, memberList(page))
}

// memberRow lists skills by stage; a stage belongs to a skill, never to a person.
func memberRow(member fulfilment.Member) []ui.Cell {
	var lines []string
	for _, stage := range stages {
		var of []string
		for _, skill := range skills {
			if member.Stages[skill.key] == stage.stage {
				of = append(of, skill.words)
			}
		}
		if len(of) > 0 {
			lines = append(lines, stage.words+"："+strings.Join(of, "、"))
		}
	}
	today := ui.Badge{Text: "来ていません"}
	if member.Present {
		today = ui.Badge{Text: "来ています", Tone: ui.TonePine}
	}
	name := ui.Cell{Text: member.Called(), URL: memberAddress(member.ID)}
	if member.Reading != member.Nickname {
		name.Note = member.Reading
	}
	return []ui.Cell{
		name, {Badge: today}, {Text: strings.Join(lines, " ／ ")},
	}
}

type memberPage struct {
	Head     ui.StaffHead
	Name     string
	Address  string
	Presence presence
	Attend   bool
	Facts    []ui.Fact
	Current  string
	Offers   []openOffer
	MayOffer bool
	Agree    bool
	Stages   []stageForm
	Refused  string
}

type openOffer struct {
	Words   string
	Label   string
	Address string
}

type stageForm struct {
	Skill  string
	Words  string
	Stage  string // in words
	Select ui.Field
}

func (s *console) showMember(c echo.Context, who fulfilment.Staff) error {
	return s.renderMember(c, who, http.StatusOK, "")
}

func (s *console) renderMember(c echo.Context, who fulfilment.Staff, status int, refused string) error {
	id, err := idParam[fulfilment.MemberID](c, "member")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	member, err := s.Fulfilment.Member(ctx, id)
	if err != nil {
		return err
	}
	work, err := s.Fulfilment.Work(ctx, id)
	if err != nil {
		return err
	}
	name, address := member.Called(), memberAddress(id)
	page := memberPage{
		Head: headFor(c, who, name, "/staff/members"), Name: name, Address: address,
		Presence: presence{Name: name, Post: address + "/attendance", Present: member.Present},
		Attend:   can(who, auth.RecordAttend), Facts: memberFacts(member), MayOffer: can(who, auth.OfferWork),
		Agree: can(who, auth.AgreeStages), Stages: stageForms(member), Refused: refused,
	}
	if work.Current != nil {
		page.Current = operationWords(work.Current.Operation)
	}
	for _, offered := range work.Offers {
		page.Offers = append(page.Offers, openOffer{
			Words: operationWords(offered.Task.Operation), Label: kinds[offered.Kind], Address: "/staff/offers/" + offered.ID.String() + "/withdraw",
		})
	}
	return render(c, status, memberDetail(page))
}

var furiganaWords = map[string]string{"none": "なし", "difficult": "むずかしい漢字に", "all": "すべてに"}

func memberFacts(member fulfilment.Member) []ui.Fact {
	facts := []ui.Fact{
		{Name: "よみ", Value: member.Reading},
		{Name: "一日", Value: fmt.Sprintf("%d分まで", member.MinutesADay)},
		{Name: "続けて", Value: fmt.Sprintf("%d分まで", member.MinutesInOneGo)},
		{Name: "ふりがな", Value: furiganaWords[member.Presentation.Furigana]},
	}
	if member.NeedsPIN {
		facts = append(facts, ui.Fact{Name: "タブレット", Value: "絵と4けたの数字"})
	}
	if len(member.ExcludedHazards) > 0 {
		facts = append(facts, ui.Fact{Name: "避けるもの", Value: strings.Join(hazardWords(member.ExcludedHazards), "、")})
	}
	return facts
}

var hazards = map[string]string{"heat": "熱", "blade": "刃物", "noise": "音"}

func hazardWords(keys []string) []string {
	words := make([]string, len(keys))
	for i, key := range keys {
		if words[i] = hazards[key]; words[i] == "" {
			words[i] = key
		}
	}
	return words
}

func stageForms(member fulfilment.Member) []stageForm {
	forms := make([]stageForm, len(skills))
	for i, skill := range skills {
		stage := member.Stages[skill.key]
		field := ui.Field{Name: "stage", Value: string(stage)}
		if stage == "" {
			field.Options = append(field.Options, ui.Choice{Value: "", Label: "まだ"})
		}
		for _, known := range stages {
			field.Options = append(field.Options, ui.Choice{Value: string(known.stage), Label: known.words})
		}
		forms[i] = stageForm{Skill: skill.key, Words: skill.words, Stage: stageWords(stage), Select: field}
	}
	return forms
}

// setStage records the stage that was agreed with the member for one skill.
func (s *console) setStage(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[fulfilment.MemberID](c, "member")
	if err != nil {
		return err
	}
	skill := c.FormValue("skill")
	if !slices.ContainsFunc(skills, func(known struct{ key, words string }) bool { return known.key == skill }) {
		return s.renderMember(c, who, http.StatusUnprocessableEntity, "このしごとの名前は知られていません。")
	}
	change := fulfilment.StageChange{Member: id, Skill: skill, Stage: fulfilment.Stage(c.FormValue("stage"))}
	if err := s.Fulfilment.SetStage(c.Request().Context(), by(who), change); err != nil {
		told := problem.From(err, problem.Japanese)
		if told.Status >= http.StatusInternalServerError {
			return err
		}
		return s.renderMember(c, who, http.StatusUnprocessableEntity, told.Title)
	}
	return backTo(c, memberAddress(id), "stage")
}

func (s *console) recordAttendance(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[fulfilment.MemberID](c, "member")
	if err != nil {
		return err
	}
	record := s.Fulfilment.Arrive
	if c.FormValue("is") == "left" {
		record = s.Fulfilment.Leave
	}
	if err := record(c.Request().Context(), by(who), id); err != nil {
		return err
	}
	return backTo(c, memberAddress(id), "attendance")
}
