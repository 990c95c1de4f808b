package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
)

var demoStaff = []fulfilment.NewStaff{
	{Email: demoEmail, Name: "山本 恵", Role: fulfilment.Manager},
	{Email: "sabikan@example.jp", Name: "高橋 直樹", Role: fulfilment.ServiceManager},
	{Email: "shidou@example.jp", Name: "小林 さやか", Role: fulfilment.Instructor},
	{Email: "ot@example.jp", Name: "中村 亮", Role: fulfilment.Therapist},
	{Email: "hassou@example.jp", Name: "渡辺 由美", Role: fulfilment.ShippingStaff},
	{Email: "keiri@example.jp", Name: "伊藤 健", Role: fulfilment.Accounting},
}

// demoMember is a member with the role of who supports them, if anybody does by name.
type demoMember struct {
	fulfilment.NewMember
	supporter fulfilment.Role
}

// making are the skills of the whole line, from comparing a text to packing a parcel.
var making = []string{"prepare", "plate", "slice", "set_up", "print", "remove", "sort", "finish", "inspect", "pack"}

// inAll is one stage in every skill of the line, but for the exceptions.
func inAll(stage fulfilment.Stage, but map[string]fulfilment.Stage) map[string]fulfilment.Stage {
	stages := map[string]fulfilment.Stage{}
	for _, skill := range making {
		stages[skill] = stage
	}
	maps.Copy(stages, but)
	return stages
}

type stages = map[string]fulfilment.Stage

// demoMembers are people with days of very different lengths. Pictures are signs of
// web/tablet/pictures.
var demoMembers = []demoMember{
	{NewMember: fulfilment.NewMember{
		Nickname: "アオイ", Reading: "あおい", Picture: "flower", MinutesADay: 120, MinutesInOneGo: 30,
		Presentation: fulfilment.Presentation{Furigana: "all", Theme: "calm", Large: true, Voice: true},
		Stages:       stages{"pack": fulfilment.Trial},
	}},
	{NewMember: fulfilment.NewMember{
		Nickname: "アキ", Reading: "あき", Picture: "leaf", MinutesADay: 180, MinutesInOneGo: 45,
		Presentation: fulfilment.Presentation{Furigana: "difficult", Theme: "light"}, ExcludedHazards: []string{"blade"},
		Stages: stages{"sort": fulfilment.Practice, "pack": fulfilment.Practice, "set_up": fulfilment.Trial},
	}, supporter: fulfilment.Instructor},
	{NewMember: fulfilment.NewMember{
		Nickname: "けん", Reading: "けん", Picture: "star", PIN: "1234", MinutesADay: 240, MinutesInOneGo: 90,
		Presentation: fulfilment.Presentation{Furigana: "none", Theme: "dark", List: true},
		Stages:       inAll(fulfilment.Practice, stages{"prepare": fulfilment.Production, "plate": fulfilment.Production, "slice": fulfilment.Production}),
	}, supporter: fulfilment.Instructor},
	{NewMember: fulfilment.NewMember{
		Nickname: "さち", Reading: "さち", Picture: "cat", MinutesADay: 150, MinutesInOneGo: 60,
		Presentation: fulfilment.Presentation{Furigana: "all", Theme: "light", Large: true},
		Stages:       stages{"finish": fulfilment.Production, "sort": fulfilment.Practice, "pack": fulfilment.Production},
	}, supporter: fulfilment.Therapist},
	{NewMember: fulfilment.NewMember{
		Nickname: "タカ", Reading: "たか", Picture: "mountain", MinutesADay: 240, MinutesInOneGo: 60,
		Presentation: fulfilment.Presentation{Furigana: "difficult", Theme: "dark", List: true}, ExcludedHazards: []string{"noise"},
		Stages: stages{"set_up": fulfilment.Production, "print": fulfilment.Production, "remove": fulfilment.Production, "slice": fulfilment.Practice},
	}},
	{NewMember: fulfilment.NewMember{
		Nickname: "トモ", Reading: "とも", Picture: "bird", MinutesADay: 90, MinutesInOneGo: 20,
		Presentation: fulfilment.Presentation{Furigana: "all", Theme: "calm", Large: true, Voice: true}, ExcludedHazards: []string{"heat", "blade"},
		Stages: stages{"pack": fulfilment.Trial, "sort": fulfilment.Trial},
	}, supporter: fulfilment.Therapist},
	{NewMember: fulfilment.NewMember{
		Nickname: "ノブ", Reading: "のぶ", Picture: "cup", MinutesADay: 300, MinutesInOneGo: 120,
		Presentation: fulfilment.Presentation{Furigana: "none", Theme: "light", List: true},
		Stages:       inAll(fulfilment.Production, nil),
	}},
	{NewMember: fulfilment.NewMember{
		Nickname: "ハナ", Reading: "はな", Picture: "sun", MinutesADay: 120, MinutesInOneGo: 40,
		Presentation: fulfilment.Presentation{Furigana: "all", Theme: "light"},
		Stages:       stages{"finish": fulfilment.Practice, "pack": fulfilment.Practice, "inspect": fulfilment.Trial},
	}, supporter: fulfilment.Instructor},
	{NewMember: fulfilment.NewMember{
		Nickname: "ひろ", Reading: "ひろ", Picture: "house", MinutesADay: 300, MinutesInOneGo: 120,
		Presentation: fulfilment.Presentation{Furigana: "difficult", Theme: "light"},
		Stages:       inAll(fulfilment.Production, stages{"pack": fulfilment.Sales}),
	}},
	{NewMember: fulfilment.NewMember{
		Nickname: "まゆ", Reading: "まゆ", Picture: "boat", MinutesADay: 300, MinutesInOneGo: 120,
		Presentation: fulfilment.Presentation{Furigana: "difficult", Theme: "calm"},
		Stages:       inAll(fulfilment.Production, stages{"inspect": fulfilment.Sales, "prepare": fulfilment.Sales}),
	}},
	{NewMember: fulfilment.NewMember{
		Nickname: "みーこ", Reading: "みーこ", Picture: "moon", MinutesADay: 60, MinutesInOneGo: 20,
		Presentation: fulfilment.Presentation{Furigana: "all", Theme: "light", Voice: true}, ExcludedHazards: []string{"heat", "noise"},
		Stages: stages{"sort": fulfilment.Practice, "pack": fulfilment.Practice},
	}, supporter: fulfilment.ServiceManager},
	{NewMember: fulfilment.NewMember{
		Nickname: "リョウ", Reading: "りょう", Picture: "cloud", PIN: "1234", MinutesADay: 210, MinutesInOneGo: 60,
		Presentation: fulfilment.Presentation{Furigana: "none", Theme: "dark"},
		Stages:       stages{"prepare": fulfilment.Practice, "plate": fulfilment.Practice, "remove": fulfilment.Practice, "inspect": fulfilment.Practice, "pack": fulfilment.Sales},
	}, supporter: fulfilment.ServiceManager},
}

// hire adds the staff; all sign in with demoPassword.
func (p *past) hire(ctx context.Context) error {
	for _, person := range demoStaff {
		person.Password = demoPassword
		added, err := p.fulfilment.AddStaff(ctx, demoSystem, person)
		if errors.Is(err, fulfilment.ErrStaffExists) {
			added, err = p.fulfilment.SignInStaff(ctx, person.Email, demoPassword)
		}
		if err != nil {
			return err
		}
		p.staff[person.Role] = added
	}
	return nil
}

// by is the staff member of a role, acting.
func (p *past) by(role fulfilment.Role) audit.Actor {
	return audit.Actor{Role: audit.Staff, ID: p.staff[role].ID.String()}
}

func (p *past) welcome(ctx context.Context) error {
	earlier, err := p.fulfilment.Members(ctx)
	if err != nil {
		return err
	}
	for _, member := range earlier {
		p.members[member.Nickname] = member.ID
	}
	for _, person := range demoMembers {
		if _, here := p.members[person.Nickname]; here {
			continue
		}
		if person.supporter != "" {
			person.SupporterID = p.staff[person.supporter].ID
		}
		added, err := p.fulfilment.AddMember(ctx, p.by(fulfilment.ServiceManager), person.NewMember)
		if err != nil {
			return fmt.Errorf("%s: %w", person.Nickname, err)
		}
		p.members[person.Nickname] = added
	}
	return nil
}

// openHouse has staff and members come in; whoever is away that day does not.
func (p *past) openHouse(ctx context.Context, away ...string) error {
	for _, role := range []fulfilment.Role{fulfilment.Manager, fulfilment.ServiceManager, fulfilment.Instructor} {
		if _, err := p.fulfilment.SignInStaff(ctx, p.staff[role].Email, demoPassword); err != nil {
			return err
		}
	}
	for _, person := range demoMembers {
		if slices.Contains(away, person.Nickname) {
			continue
		}
		if err := p.fulfilment.Arrive(ctx, p.by(fulfilment.Instructor), p.members[person.Nickname]); err != nil {
			return err
		}
	}
	return nil
}

func (p *past) closeHouse(ctx context.Context) error {
	present, err := p.fulfilment.Members(ctx)
	if err != nil {
		return err
	}
	for _, member := range present {
		if !member.Present {
			continue
		}
		if err := p.fulfilment.Leave(ctx, p.by(fulfilment.Instructor), member.ID); err != nil {
			return err
		}
	}
	return nil
}

// planWeek notes who means to come on which day of this week.
func (p *past) planWeek(ctx context.Context) error {
	monday := jst.Midnight(p.now())
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, -1)
	}
	for i, person := range demoMembers {
		for day := range 5 {
			if (day+i)%4 == 3 && person.MinutesADay < 300 { // most do not come every day
				continue
			}
			date := monday.AddDate(0, 0, day).Format(time.DateOnly)
			if err := p.fulfilment.PlanAttendance(ctx, p.members[person.Nickname], date, person.MinutesADay); err != nil {
				return err
			}
		}
	}
	return nil
}
