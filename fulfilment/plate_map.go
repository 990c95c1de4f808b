package fulfilment

import (
	"context"
	"fmt"
	"html"
	"strings"
)

// PlateMapSVG is the Map of the plate of that id, or ErrPlateNotFound.
func (s *Service) PlateMapSVG(ctx context.Context, plateID PlateID) (string, error) {
	plate, err := s.Plate(ctx, plateID)
	if err != nil {
		return "", err
	}
	return plate.Map(), nil
}

func (p Plate) label() string { return fmt.Sprintf("プレート %s、%dこ", p.Code, len(p.Units)) }

// Map draws the plate as seen from above: the bed, and every piece with its code, in mm. Each
// piece is a group of its own with its name and its id in data-unit, so that it can be touched,
// reached and read aloud. It shows nothing of what is written on the pieces, nor for whom.
func (p Plate) Map() string {
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" class="plate-map" viewBox="0 0 %s %s" role="group" aria-label="%s">`,
		mm(p.BedWidth), mm(p.BedDepth), html.EscapeString(p.label()))
	fmt.Fprintf(&svg, `<rect class="bed" x="0.5" y="0.5" width="%s" height="%s" rx="3" fill="none" stroke="currentColor"/>`,
		mm(p.BedWidth-1000), mm(p.BedDepth-1000))
	for _, unit := range p.Units {
		p.drawUnit(&svg, unit)
	}
	svg.WriteString(`</svg>`)
	return svg.String()
}

// drawUnit turns the y axis: on the bed it points away from the person, on the screen down.
func (p Plate) drawUnit(svg *strings.Builder, unit PlacedUnit) {
	top := p.BedDepth - unit.Y - unit.Depth
	fmt.Fprintf(svg, `<g class="unit" role="img" aria-label="%s" data-unit="%s" data-state="%s"><title>%s</title>`,
		html.EscapeString(unit.Code), unit.UnitID, unit.State, html.EscapeString(unit.Code))
	fmt.Fprintf(svg, `<rect x="%s" y="%s" width="%s" height="%s" rx="3" fill="none" stroke="currentColor"/>`,
		mm(unit.X), mm(top), mm(unit.Width), mm(unit.Depth))
	fmt.Fprintf(svg, `<text x="%s" y="%s" font-size="%s" text-anchor="middle" dominant-baseline="central" fill="currentColor">%s</text></g>`,
		mm(unit.X+unit.Width/2), mm(top+unit.Depth/2), mm(min(unit.Depth/2, unit.Width/4, 12_000)), html.EscapeString(unit.Code))
}

// mm writes micrometers as millimeters.
func mm(microns int32) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", float64(microns)/1000), "0"), ".")
}
