package catalog

import (
	"bytes"
	"errors"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

func create(t testing.TB, s *Service, choice DesignChoice) Design {
	t.Helper()
	design, err := s.CreateDesign(t.Context(), choice)
	if err != nil {
		t.Fatal(err)
	}
	return design
}

func TestCreateDesign_and_read_it_back(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	created := create(t, s, DesignChoice{Product: "name-tag", Text: "はると", SecondLine: "さくら組", BaseColor: "ai", TextColor: "kinari"})
	read, err := s.Design(t.Context(), created.ID)
	if err != nil {
		t.Fatal(err)
	}
	created.CreatedAt, read.CreatedAt = created.CreatedAt.UTC(), read.CreatedAt.UTC()
	if diff := cmp.Diff(created, read); diff != "" {
		t.Errorf("the design read back differs:\n%s", diff)
	}
	many, err := s.Designs(t.Context(), []DesignID{created.ID, {1}})
	if err != nil || len(many) != 1 || many[created.ID].Text != "はると" {
		t.Errorf("Designs = %v, %v", many, err)
	}
	if created.Price != 1300 || created.SwapZ != 2000 || created.Height != 3000 || created.Triangles == 0 || created.BaseColor != "ai" {
		t.Errorf("design = %+v", created)
	}
}

func TestCreateDesign_keeps_the_bytes_typed(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	for _, typed := range []string{
		"\uFA19", "\uFA1B", "\uF9DC", "\uFA12", "\uFA1A", "髙﨑", "𠮷野家", "か\u3099き", "がき", "ﾀﾛｳ", " は る ", "Ａ\u3000Ｂ",
	} {
		design, err := s.CreateDesign(t.Context(), DesignChoice{Product: "name-tag", Text: typed, Font: string(tag.NotoSansJPBold)})
		if err != nil {
			t.Errorf("CreateDesign(%+q): %v", typed, err)
			continue
		}
		var stored []byte
		if err := db.Get(&stored, `SELECT convert_to(text, 'UTF8') FROM designs WHERE id = $1`, design.ID); err != nil {
			t.Fatal(err)
		}
		read, err := s.Design(t.Context(), design.ID)
		if err != nil {
			t.Fatal(err)
		}
		if string(stored) != typed || read.Text != typed || read.Spec.Text != typed {
			t.Errorf("%+q is stored as %+q and read as %+q and %+q", typed, stored, read.Text, read.Spec.Text)
		}
		if _, err := s.Model(t.Context(), design.ID); err != nil {
			t.Errorf("Model of %+q: %v", typed, err)
		}
	}
}

func TestCreateDesign_same_choice_same_design(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	choice := DesignChoice{Product: "name-tag", Text: "たろう"}
	ids := make([]DesignID, 20)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			if design, err := s.CreateDesign(t.Context(), choice); err != nil {
				t.Error(err)
			} else {
				ids[i] = design.ID
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("the same choice gave %s and %s", ids[0], id)
		}
	}
	var rows int
	if err := db.Get(&rows, `SELECT count(*) FROM designs`); err != nil || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

func TestCreateDesign_another_choice_is_another_design(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	base := DesignChoice{Product: "name-tag", Text: "がく"}
	seen := map[DesignID]int{create(t, s, base).ID: -1}
	for i, change := range []func(*DesignChoice){
		func(c *DesignChoice) { c.Text = "か\u3099く" }, // looks the same, was typed otherwise
		func(c *DesignChoice) { c.SecondLine = "がく" },
		func(c *DesignChoice) { c.Font = string(tag.NotoSansJPBold) },
		func(c *DesignChoice) { c.Size = "large" },
		func(c *DesignChoice) { c.BaseColor = "ai" },
		func(c *DesignChoice) { c.TextColor = "ai" },
		func(c *DesignChoice) { c.Hole = No },
		func(c *DesignChoice) { c.Border = Yes },
		func(c *DesignChoice) { c.Product = "bag-tag" },
	} {
		choice := base
		change(&choice)
		id := create(t, s, choice).ID
		if other, ok := seen[id]; ok {
			t.Errorf("changes %d and %d gave the same design", other, i)
		}
		seen[id] = i
	}
}

func TestCreateDesign_refuses_what_cannot_be_made(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	var missing *tag.MissingGlyphsError
	_, err := s.CreateDesign(t.Context(), DesignChoice{Product: "name-tag", Text: "はる🎃"})
	if !errors.As(err, &missing) || !slices.Equal(missing.Graphemes, []string{"🎃"}) {
		t.Errorf("emoji: %v", err)
	}
	var large *tag.TooLargeError
	_, err = s.CreateDesign(t.Context(), DesignChoice{Product: "door-plate", Text: strings.Repeat("図", 10), Size: "large"})
	if !errors.As(err, &large) {
		t.Errorf("wider than the bed: %v", err)
	}
	for _, blank := range []string{"", " ", "　 　", "\u00a0"} {
		if _, err := s.CreateDesign(t.Context(), DesignChoice{Product: "name-tag", Text: blank}); !errors.Is(err, tag.ErrBlank) {
			t.Errorf("%+q: %v, want %v", blank, err, tag.ErrBlank)
		}
	}
	for slug, want := range map[string]error{"none": ErrProductNotFound, "halloween-2026": ErrNotPersonalized, "\x00": ErrProductNotFound} {
		if _, err := s.CreateDesign(t.Context(), DesignChoice{Product: slug, Text: "はる"}); !errors.Is(err, want) {
			t.Errorf("design for %q: %v, want %v", slug, err, want)
		}
	}
}

func TestCreateDesign_of_a_paused_product(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	for state, want := range map[State]error{Paused: ErrNotForSale, Retired: ErrProductNotFound, Published: nil} {
		if _, err := db.Exec(`UPDATE products SET state = $1 WHERE slug = 'name-tag'`, state); err != nil {
			t.Fatal(err)
		}
		if _, err := s.CreateDesign(t.Context(), DesignChoice{Product: "name-tag", Text: "はる"}); !errors.Is(err, want) {
			t.Errorf("while %s: %v, want %v", state, err, want)
		}
	}
}

func TestCreateDesign_color_that_ran_out(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	choice := DesignChoice{Product: "name-tag", Text: "はる", BaseColor: "fuji"}
	before := create(t, s, choice)
	if _, err := db.Exec(`UPDATE filament_colors SET available = false WHERE key = 'fuji'`); err != nil {
		t.Fatal(err)
	}
	var refused *ChoiceError
	if _, err := s.CreateDesign(t.Context(), choice); !errors.As(err, &refused) || refused.Field != BaseColorField || refused.Reason != NotOffered {
		t.Errorf("a color that ran out: %v", err)
	}
	if _, err := s.GLB(t.Context(), before.ID); err != nil {
		t.Errorf("the design made before: %v", err)
	}
}

func TestSaveProduct_schema_versions(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	old := create(t, s, DesignChoice{Product: "key-charm", Text: "ゆ"})
	product, err := s.Product(t.Context(), "key-charm")
	if err != nil {
		t.Fatal(err)
	}
	if again := save(t, s, product); again.Schema.Version != 1 {
		t.Errorf("the same schema became version %d", again.Schema.Version)
	}
	product.Schema.Template.Base = 2400
	if edited := save(t, s, product); edited.Schema.Version != 2 || edited.Schema.Template.Base != 2400 {
		t.Errorf("the edited schema is version %d", edited.Schema.Version)
	}
	fresh := create(t, s, DesignChoice{Product: "key-charm", Text: "ゆ"})
	kept, err := s.Design(t.Context(), old.ID)
	if err != nil || kept.SchemaVersion != 1 || kept.SwapZ != 2000 || fresh.SchemaVersion != 2 || fresh.SwapZ != 2400 {
		t.Errorf("old design %+v, new design %+v, %v", kept, fresh, err)
	}
}

func TestModel_that_would_come_out_differently(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	design := create(t, s, DesignChoice{Product: "name-tag", Text: "はる"})
	model, err := s.Model(t.Context(), design.ID)
	if err != nil || len(model.Mesh.Triangles) != design.Triangles {
		t.Fatalf("Model: %v", err)
	}
	_, err = db.Exec(`
		ALTER TABLE designs DISABLE TRIGGER designs_immutable;
		UPDATE designs SET design_hash = sha256('another mesher');
		ALTER TABLE designs ENABLE TRIGGER designs_immutable`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Model(t.Context(), design.ID); !errors.Is(err, ErrDesignChanged) {
		t.Errorf("Model = %v, want %v", err, ErrDesignChanged)
	}
	if err := s.Agree(t.Context(), design.ID); !errors.Is(err, ErrDesignChanged) {
		t.Errorf("Agree = %v, want %v", err, ErrDesignChanged)
	}
}

func TestDesign_not_found(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	_, designErr := s.Design(t.Context(), DesignID{1})
	_, zeroErr := s.Design(t.Context(), DesignID{})
	_, modelErr := s.Model(t.Context(), DesignID{1})
	_, glbErr := s.GLB(t.Context(), DesignID{1})
	_, proofErr := s.ProofPNG(t.Context(), DesignID{1})
	for i, err := range []error{designErr, zeroErr, modelErr, glbErr, proofErr, s.Agree(t.Context(), DesignID{1})} {
		if !errors.Is(err, ErrDesignNotFound) {
			t.Errorf("%d: %v, want %v", i, err, ErrDesignNotFound)
		}
	}
}

func TestAgree_stores_the_proof_once(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	design := create(t, s, DesignChoice{Product: "name-tag", Text: "はる"})
	fresh, err := s.ProofPNG(t.Context(), design.ID)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := s.Agree(t.Context(), design.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	stored, err := s.ProofPNG(t.Context(), design.ID)
	if err != nil || !bytes.Equal(fresh, stored) {
		t.Errorf("the stored proof is not the one that was shown: %v", err)
	}
	sliced, err := s.Model(t.Context(), design.ID)
	if err != nil {
		t.Fatal(err)
	}
	if pictured, err := s.render(t.Context(), sliced, Palette{design.BaseColor, design.TextColor}, Angle); err != nil || !bytes.Equal(pictured, stored) {
		t.Errorf("the stored proof is not the picture of the solid that is sliced: %v", err)
	}
	if read, err := s.Design(t.Context(), design.ID); err != nil || !read.HasProof {
		t.Errorf("HasProof = %v, %v", read.HasProof, err)
	}
	if _, err := png.Decode(bytes.NewReader(stored)); err != nil {
		t.Error(err)
	}
	for _, change := range []string{`proof_key = 'other'`, `text = 'other'`, `price_yen = 1`} {
		if _, err := db.Exec(`UPDATE designs SET ` + change); err == nil {
			t.Errorf("the design let itself be changed: %s", change)
		}
	}
	create(t, s, DesignChoice{Product: "name-tag", Text: "なつ"})
	if _, err := db.Exec(`UPDATE designs SET kept = true`); !postgres.Violates(err, "design_kept_with_proof") {
		t.Errorf("a design without a proof may lie in a cart: %v", err)
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	var pictures [][]byte
	for _, view := range []string{Front, Angle, Front} {
		picture, err := s.Picture(t.Context(), "name-tag", view)
		if err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, picture)
	}
	if !bytes.Equal(pictures[0], pictures[2]) || bytes.Equal(pictures[0], pictures[1]) {
		t.Error("the views are not told apart")
	}
	if _, err := png.Decode(bytes.NewReader(pictures[0])); err != nil {
		t.Error(err)
	}
	var kept int
	if err := db.Get(&kept, `SELECT count(*) FROM sample_pictures`); err != nil || kept != 2 {
		t.Errorf("%d pictures are kept, %v", kept, err)
	}
	save(t, s, Product{Slug: "plain", Name: "品"})
	for _, test := range []struct {
		slug, view string
		want       error
	}{{"name-tag", "back", ErrUnknownView}, {"none", Front, ErrProductNotFound}, {"plain", Front, ErrNoPicture}} {
		if _, err := s.Picture(t.Context(), test.slug, test.view); !errors.Is(err, test.want) {
			t.Errorf("Picture(%s, %s): %v, want %v", test.slug, test.view, err, test.want)
		}
	}
}

// TestDecide_keeps_or_refuses holds every text to the one rule: it is kept byte for byte or refused.
func TestDecide_keeps_or_refuses(t *testing.T) {
	t.Parallel()
	schema := nameTag().Schema
	colors := []Color{{Key: "kinari"}, {Key: "matsuba"}}
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "text")
		decided, err := schema.decide(DesignChoice{Text: typed}, 1100, colors)
		var refused *ChoiceError
		switch {
		case err == nil && decided.spec.Text != typed:
			t.Errorf("%+q became %+q", typed, decided.spec.Text)
		case err != nil && !errors.Is(err, tag.ErrBlank) && !errors.As(err, &refused):
			t.Errorf("%+q: %v", typed, err)
		}
	})
}

func TestDecide_prices(t *testing.T) {
	t.Parallel()
	schema := nameTag().Schema
	colors := []Color{{Key: "kinari"}, {Key: "matsuba"}}
	for _, test := range []struct {
		choice DesignChoice
		want   yen.Amount
	}{
		{DesignChoice{Text: "さくらさくらさく"}, 1100},       // eight are free
		{DesignChoice{Text: "さくらさくらさくら"}, 1150},      // the ninth is not
		{DesignChoice{Text: "か\u3099くらさくらさく"}, 1100}, // か and U+3099 are one
		{DesignChoice{Text: "か", SecondLine: "か"}, 1300},
		{DesignChoice{Text: "か", Size: "large"}, 1320},
		{DesignChoice{Text: "か", Border: Yes}, 1210},
		{DesignChoice{Text: "さくらさくらさくら", SecondLine: "か", Size: "large", Border: Yes, Hole: No}, 1680},
	} {
		decided, err := schema.decide(test.choice, 1100, colors)
		if err != nil || decided.price != test.want {
			t.Errorf("%+v costs %v, %v, want %v", test.choice, decided.price, err, test.want)
		}
	}
}

// TestForgetQuotes: what was only looked at goes a day later; what was asked for again, or has ever lain in a cart, stays.
func TestForgetQuotes(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	at := november()
	s.now = func() time.Time { return at }
	quote := func(text string) Design { return create(t, s, DesignChoice{Product: "name-tag", Text: text}) }
	looked, again, taken := quote("み"), quote("ま"), quote("か")
	err := s.Agree(t.Context(), taken.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`
		WITH cart AS (INSERT INTO carts (id, token_hash) VALUES (gen_random_uuid(), 'token') RETURNING id)
		INSERT INTO cart_lines (id, cart_id, variant_id, design_id, quantity)
		SELECT gen_random_uuid(), cart.id, variants.id, $1, 1
		FROM cart, variants
		WHERE variants.product_id = $2`, taken.ID, taken.ProductID)
	if err == nil {
		_, err = db.Exec(`DELETE FROM cart_lines`)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		quote string
		stay  []DesignID
		gone  []DesignID
	}{
		{23 * time.Hour, "ま", []DesignID{looked.ID, again.ID, taken.ID}, nil},
		{2 * time.Hour, "", []DesignID{again.ID, taken.ID}, []DesignID{looked.ID}},
		{23 * time.Hour, "", []DesignID{taken.ID}, []DesignID{looked.ID, again.ID}},
	} {
		at = at.Add(step.after)
		if step.quote != "" && quote(step.quote).ID != again.ID {
			t.Errorf("%s is another design after %s", step.quote, step.after)
		}
		if err := s.ForgetQuotes(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, id := range step.stay {
			if _, err := s.Design(t.Context(), id); err != nil {
				t.Errorf("at %s: %v", at, err)
			}
		}
		for _, id := range step.gone {
			if _, err := s.GLB(t.Context(), id); !errors.Is(err, ErrDesignNotFound) {
				t.Errorf("at %s %s is still there: %v", at, id, err)
			}
		}
	}
	if anew := quote("み"); anew.ID == looked.ID || anew.Hash != looked.Hash || anew.Price != looked.Price {
		t.Errorf("%+v comes back as %+v", looked, anew)
	}
	if same := quote("か"); same.ID != taken.ID {
		t.Error("what lay in a cart is another design when it is asked for again")
	}
}
