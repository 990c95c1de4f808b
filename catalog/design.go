package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/id"
	"tsukuriba/internal/yen"
)

// Errors of designs.
var (
	ErrDesignNotFound  = errors.New("there is no such design")
	ErrNotPersonalized = errors.New("the product is not made to order")
	ErrNotForSale      = errors.New("the product is not sold at the moment")
	// ErrDesignChanged says that the mesher or the font is no longer the one of the design: it
	// would make something else than was agreed to, so it makes nothing.
	ErrDesignChanged = errors.New("this design would no longer come out as agreed")
)

// Design is what a customer typed and chose. It is immutable: it stands for this text in this
// geometry and these colors at this price for ever.
type Design struct {
	ID            DesignID
	ProductID     ProductID
	Product       string // slug
	SchemaVersion int
	Text          string // byte for byte as typed, as is SecondLine
	SecondLine    string
	Font          tag.FontID
	Spec          tag.Spec
	BaseColor     string // key of the color
	TextColor     string
	Hash          tag.Hash // of the geometry; colors are not in it
	Width         tag.Micron
	Depth         tag.Micron
	Height        tag.Micron
	SwapZ         tag.Micron // where the second plastic begins
	Triangles     int
	Estimate      tag.Estimate
	Price         yen.Amount // of one piece, tax included
	HasProof      bool       // its picture is stored
	CreatedAt     time.Time
}

const insertDesignQuery = `
	INSERT INTO designs (id, product_id, schema_version, content_key, design_hash, text, spec, base_color, text_color,
	                     width_um, depth_um, height_um, swap_z_um, triangles, estimate, price_yen, created_at, quoted_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
	ON CONFLICT (content_key) DO UPDATE
	SET quoted_at = EXCLUDED.quoted_at
	WHERE NOT designs.kept AND designs.quoted_at < EXCLUDED.quoted_at - interval '1 hour'
	RETURNING id, proof_key <> '', created_at`

const findDesignQuery = `
	SELECT id, proof_key <> '', created_at
	FROM designs
	WHERE content_key = $1`

const designColumns = `
	d.id, d.product_id, p.slug, d.schema_version, d.design_hash, d.text, d.spec, d.base_color, d.text_color,
	d.width_um, d.depth_um, d.height_um, d.swap_z_um, d.triangles, d.estimate, d.price_yen, d.proof_key <> '', d.created_at`

const readDesignQuery = `
	SELECT ` + designColumns + `
	FROM designs d
	JOIN products p ON p.id = d.product_id
	WHERE d.id = $1`

// CreateDesign makes the design of a choice: the geometry is built, so what comes back can be
// made. The same choice is the same design as long as schema and price stay. Errors:
// ErrProductNotFound, ErrNotPersonalized, ErrNotForSale, *ChoiceError, and those of tag, whose
// ErrBlank stands for a text without anything to draw.
func (s *Service) CreateDesign(ctx context.Context, choice DesignChoice) (Design, error) {
	design, err := s.draw(ctx, choice)
	if err != nil {
		return Design{}, fmt.Errorf("create design: %w", err)
	}
	if err := s.store(ctx, &design); err != nil {
		return Design{}, fmt.Errorf("create design: %w", err)
	}
	return design, nil
}

// draw decides and builds a design without storing it.
func (s *Service) draw(ctx context.Context, choice DesignChoice) (Design, error) {
	product, err := s.personalizable(ctx, choice.Product)
	if err != nil {
		return Design{}, err
	}
	decided, err := product.Schema.decide(choice, product.Price, product.Colors)
	if err != nil {
		return Design{}, err
	}
	if err := s.refuse(ctx, decided.spec.Text, decided.spec.SecondLine); err != nil {
		return Design{}, err
	}
	model, hash, err := s.models.build(decided.spec)
	if err != nil {
		return Design{}, err
	}
	return Design{
		ProductID: product.ID, Product: product.Slug, SchemaVersion: product.Schema.Version,
		Text: decided.spec.Text, SecondLine: decided.spec.SecondLine, Font: decided.spec.Font, Spec: decided.spec,
		BaseColor: decided.baseColor, TextColor: decided.textColor, Hash: hash,
		Width: model.Width, Depth: model.Height, Height: model.Thickness, SwapZ: decided.spec.SwapZ(),
		Triangles: len(model.Mesh.Triangles), Estimate: model.Stats.Estimate(tag.PLA020), Price: decided.price,
	}, nil
}

// personalizable returns the product of a choice, which has a schema.
func (s *Service) personalizable(ctx context.Context, slug string) (Product, error) {
	product, err := recall(s.memory, "product\x00"+slug, func() (Product, int, error) {
		product, err := s.findProduct(ctx, slug)
		return product, productBytes, err
	})
	switch {
	case err != nil:
		return Product{}, err
	case product.State == Paused:
		return Product{}, ErrNotForSale
	case product.State != Published:
		return Product{}, ErrProductNotFound
	case product.Schema == nil:
		return Product{}, ErrNotPersonalized
	}
	return product, nil
}

// productBytes is about what a product takes in memory with its schema and colors.
const productBytes = 16 << 10

// store stores a design, or finds the row that says the same.
func (s *Service) store(ctx context.Context, d *Design) error {
	key := d.contentKey()
	if err := s.insert(ctx, d, key); err != nil || !d.ID.IsZero() {
		return err
	}
	return s.find(ctx, d, key)
}

// insert stores a design under a new id, or leaves d without one if it was stored within the last hour. One that is older
// is as good as new then.
func (s *Service) insert(ctx context.Context, d *Design, key []byte) error {
	spec, err := json.Marshal(d.Spec)
	if err != nil {
		return fmt.Errorf("write spec: %w", err)
	}
	estimate, err := json.Marshal(d.Estimate)
	if err != nil {
		return fmt.Errorf("write estimate: %w", err)
	}
	err = s.db.QueryRowContext(ctx, insertDesignQuery, id.New[designKind](), d.ProductID, d.SchemaVersion, key, d.Hash[:], d.Text, string(spec),
		d.BaseColor, d.TextColor, d.Width, d.Depth, d.Height, d.SwapZ, d.Triangles, string(estimate), d.Price,
		s.now().Truncate(time.Microsecond)).Scan(&d.ID, &d.HasProof, &d.CreatedAt)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("insert design: %w", err)
	}
	return nil
}

// find completes a design from the row that says the same.
func (s *Service) find(ctx context.Context, d *Design, key []byte) error {
	if err := s.db.QueryRowContext(ctx, findDesignQuery, key).Scan(&d.ID, &d.HasProof, &d.CreatedAt); err != nil {
		return fmt.Errorf("find design: %w", err)
	}
	return nil
}

// quotesKept is how long a design stays that nobody puts into a cart.
const quotesKept = 24 * time.Hour

// ForgetQuotes deletes the designs that nobody has asked for in a day and that never lay in a cart: every letter typed in
// the studio makes one. The same choice makes the same piece again, under another id.
func (s *Service) ForgetQuotes(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `
		DELETE FROM designs
		WHERE NOT kept AND quoted_at < $1`, s.now().Add(-quotesKept))
	if err != nil {
		return fmt.Errorf("forget quotes: %w", err)
	}
	return nil
}

// contentKey is the SHA-256 of all that makes a design what it is.
func (d Design) contentKey() []byte {
	key := sha256.New()
	for _, part := range [][]byte{d.ProductID[:], d.Hash[:], []byte(d.Text), []byte(d.SecondLine), []byte(d.BaseColor), []byte(d.TextColor)} {
		key.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		key.Write(part)
	}
	key.Write(binary.BigEndian.AppendUint64(nil, uint64(d.SchemaVersion)))
	key.Write(binary.BigEndian.AppendUint64(nil, uint64(d.Price)))
	return key.Sum(nil)
}

// Design returns a design, or ErrDesignNotFound.
func (s *Service) Design(ctx context.Context, id DesignID) (Design, error) {
	design, err := scanDesign(s.db.QueryRowContext(ctx, readDesignQuery, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrDesignNotFound
	}
	if err != nil {
		return Design{}, fmt.Errorf("get design %s: %w", id, err)
	}
	return design, nil
}

// Designs returns designs by their ids in one statement. Ids without a design are left out.
func (s *Service) Designs(ctx context.Context, ids []DesignID) (map[DesignID]Design, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT `+designColumns+`
		FROM designs d
		JOIN products p ON p.id = d.product_id
		WHERE d.id = ANY($1)`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("get designs: %w", err)
	}
	defer rows.Close()
	designs := make(map[DesignID]Design, len(ids))
	for rows.Next() {
		design, err := scanDesign(rows)
		if err != nil {
			return nil, fmt.Errorf("get designs: %w", err)
		}
		designs[design.ID] = design
	}
	return designs, rows.Err()
}

// Agree makes of a design what its customer agrees to, before it lies in a cart: the proof is stored, whose geometry is
// the one that will be sliced. A text is refused that has a word of the deny list now, which it may not have had when the
// design was made. Agreeing again changes nothing. Errors: *ChoiceError, those of Model.
func (s *Service) Agree(ctx context.Context, wanted DesignID) error {
	design, err := s.Design(ctx, wanted)
	if err != nil {
		return err
	}
	if err := s.refuse(ctx, design.Text, design.SecondLine); err != nil || design.HasProof {
		return err
	}
	return s.storeProof(ctx, design)
}

func scanDesign(row interface{ Scan(...any) error }) (Design, error) {
	var d Design
	var hash, spec, estimate []byte
	err := row.Scan(&d.ID, &d.ProductID, &d.Product, &d.SchemaVersion, &hash, &d.Text, &spec, &d.BaseColor, &d.TextColor,
		&d.Width, &d.Depth, &d.Height, &d.SwapZ, &d.Triangles, &estimate, &d.Price, &d.HasProof, &d.CreatedAt)
	if err != nil {
		return Design{}, err
	}
	copy(d.Hash[:], hash)
	if err := json.Unmarshal(spec, &d.Spec); err != nil {
		return Design{}, fmt.Errorf("read spec: %w", err)
	}
	if err := json.Unmarshal(estimate, &d.Estimate); err != nil {
		return Design{}, fmt.Errorf("read estimate: %w", err)
	}
	d.SecondLine, d.Font = d.Spec.SecondLine, d.Spec.Font
	return d, nil
}
