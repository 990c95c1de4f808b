package slicer

import (
	"encoding/xml"
	"log/slog"
	"math"
	"slices"
	"testing"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/postgres/testdb"
)

// TestTemplates takes every product that is made to order from a choice to G-code, and proves that the geometry in the slicer's
// file is the one whose hash the customer's design carries. Both ways of relief are tried where they are offered.
func TestTemplates(t *testing.T) {
	t.Parallel()
	book, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	shop := catalog.New(catalog.Config{DB: testdb.New(t), Book: book, Blobs: blobs, Now: time.Now, PictureWidth: 240})
	if err := shop.SeedDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	port := NewPort(New(Options{Dir: openFolder(t), Log: slog.New(slog.DiscardHandler)}), map[string]Profile{HouseProfile: PLA020()})
	for _, slug := range []string{"name-tag", "pet-tag", "bag-tag", "key-charm", "door-plate", "spinning-pumpkin"} {
		product, err := shop.Product(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		choice := product.Choice(*product.Sample)
		reliefs := []string{choice.Relief}
		if _, offered := product.Schema.Field(catalog.ReliefField); offered {
			reliefs = []string{catalog.Raised, catalog.Engraved}
		}
		for _, relief := range reliefs {
			t.Run(slug+"/"+relief, func(t *testing.T) {
				choice := choice
				choice.Relief = relief
				design, err := shop.CreateDesign(t.Context(), choice)
				if err != nil {
					t.Fatal(err)
				}
				sliceDesign(t, shop, port, design)
			})
		}
	}
}

func sliceDesign(t *testing.T, shop *catalog.Service, port *Port, design catalog.Design) {
	t.Helper()
	if err := shop.Agree(t.Context(), design.ID); err != nil {
		t.Fatal(err)
	}
	solid, err := shop.Model(t.Context(), design.ID)
	if err != nil {
		t.Fatal(err)
	}
	book, _ := fonts()
	if hash, err := design.Spec.Hash(book); err != nil || hash != design.Hash {
		t.Fatalf("the spec has the hash %v, %v, the design %v", hash, err, design.Hash)
	}
	model := fulfilment.PlateModel{
		Profile: HouseProfile, BaseColor: "#ffffff", TextColor: "#c0392b", SwapZ: int32(design.SwapZ),
		Units: []fulfilment.UnitModel{{Name: "unt_a", Mesh: solid.Mesh, Estimate: design.Estimate, X: 6000, Y: 6000}},
	}
	plate, err := port.plate(model)
	if err != nil {
		t.Fatal(err)
	}
	vertices, triangles := meshIn(t, newProject(plate).model)
	if !slices.Equal(vertices, solid.Mesh.Vertices) || !slices.Equal(triangles, solid.Mesh.Triangles) {
		t.Error("the file for the slicer holds another mesh than the design")
	}
	sliced, err := port.Slice(t.Context(), model)
	if err != nil {
		t.Fatal(err)
	}
	if sliced.ColorSwaps != 1 {
		t.Errorf("%d changes of color, want 1", sliced.ColorSwaps)
	}
	t.Logf("%.0f × %.0f × %.1f mm, %d triangles, %d s (estimated %.0f), %.1f g (estimated %.1f)", design.Width.MM(), design.Depth.MM(),
		design.Height.MM(), design.Triangles, sliced.PrintSeconds, design.Estimate.Seconds, sliced.FilamentG, design.Estimate.Grams)
}

// meshIn reads the mesh of a 3MF's only object, in µm.
func meshIn(t *testing.T, model []byte) (vertices [][3]int32, triangles [][3]uint32) {
	t.Helper()
	var parsed struct {
		Vertices []struct {
			X float64 `xml:"x,attr"`
			Y float64 `xml:"y,attr"`
			Z float64 `xml:"z,attr"`
		} `xml:"resources>object>mesh>vertices>vertex"`
		Triangles []struct {
			A uint32 `xml:"v1,attr"`
			B uint32 `xml:"v2,attr"`
			C uint32 `xml:"v3,attr"`
		} `xml:"resources>object>mesh>triangles>triangle"`
	}
	if err := xml.Unmarshal(model, &parsed); err != nil {
		t.Fatal(err)
	}
	micron := func(mm float64) int32 { return int32(math.Round(mm * 1000)) }
	for _, v := range parsed.Vertices {
		vertices = append(vertices, [3]int32{micron(v.X), micron(v.Y), micron(v.Z)})
	}
	for _, f := range parsed.Triangles {
		triangles = append(triangles, [3]uint32{f.A, f.B, f.C})
	}
	return vertices, triangles
}
