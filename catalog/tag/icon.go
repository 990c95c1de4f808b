package tag

import (
	"slices"
	"strings"
	"sync"
)

// IconID names one of the small pictures that can stand beside a text.
type IconID string

// The icons, in the order in which they are offered.
const (
	Paw      IconID = "paw"
	Heart    IconID = "heart"
	Star     IconID = "star"
	Car      IconID = "car"
	Train    IconID = "train"
	Flower   IconID = "flower"
	Music    IconID = "music"
	OpenBook IconID = "book"
	Ball     IconID = "ball"
	Leaf     IconID = "leaf"
	Moon     IconID = "moon"
	Sun      IconID = "sun"
)

// Icons lists all icons.
func Icons() []IconID {
	return []IconID{Paw, Heart, Star, Car, Train, Flower, Music, OpenBook, Ball, Leaf, Moon, Sun}
}

// IconPath returns the path data of an icon for SVG, in a square of IconSide, to be filled by the nonzero rule.
func IconPath(id IconID) (string, error) {
	path, known := icons[id]
	if !known {
		return "", ErrUnknownIcon
	}
	return path, nil
}

const (
	// IconSide is the side of the square in which the icons are drawn.
	IconSide = 24
	// minIcon is the smallest size at which the thinnest part of every icon can be printed.
	minIcon = 6 * Millimeter
)

// icons are our own drawings. No part is thinner than a fifteenth of the square; holes run against the outline around them.
var icons = map[IconID]string{
	Paw: `M12 11.4c3.2 0 6.6 3.5 6.6 6.8c0 2.3-1.7 3.4-3.4 3.4c-1.3 0-2-.6-3.2-.6c-1.2 0-1.9.6-3.2.6c-1.7 0-3.4-1.1-3.4-3.4
		c0-3.3 3.4-6.8 6.6-6.8zM8.7 2.4a2.2 3.2 0 1 1 0 6.4a2.2 3.2 0 1 1 0-6.4zM15.3 2.4a2.2 3.2 0 1 1 0 6.4a2.2 3.2 0 1 1 0-6.4z
		M3.8 7.9a2 2.8 0 1 1 0 5.6a2 2.8 0 1 1 0-5.6zM20.2 7.9a2 2.8 0 1 1 0 5.6a2 2.8 0 1 1 0-5.6z`,
	Heart: `M12 21.6C4.6 15.8 1.8 12.2 1.8 8.3C1.8 5 4.2 2.7 7.1 2.7C9.2 2.7 11 3.8 12 5.7C13 3.8 14.8 2.7 16.9 2.7
		C19.8 2.7 22.2 5 22.2 8.3C22.2 12.2 19.4 15.8 12 21.6z`,
	Star: `M12 1.4L15.1 8.3L22.7 9.1L17 14.2L18.6 21.6L12 17.8L5.4 21.6L7 14.2L1.3 9.1L8.9 8.3z`,
	Car: `M1.6 18v-5.2c0-.7.4-1.2 1-1.4l2.8-.9l2.3-4.6c.3-.6.8-.9 1.4-.9h6.6c.6 0 1.1.3 1.4.8l2.9 4.6l1.4.5c.6.2 1 .7 1 1.4v5.7z
		M9.1 7.2L7.7 10.2h3.2V7.2zM13 7.2v3h4L15.1 7.2zM7 15.2a3 3 0 1 1 0 6a3 3 0 1 1 0-6zM17 15.2a3 3 0 1 1 0 6a3 3 0 1 1 0-6z`,
	Train: `M8 1.8h8a3.6 3.6 0 0 1 3.6 3.6v9.4a3.6 3.6 0 0 1-3.6 3.6h-8a3.6 3.6 0 0 1-3.6-3.6v-9.4a3.6 3.6 0 0 1 3.6-3.6z
		M7 5v5h10V5zM8.2 13a1.3 1.3 0 1 0 0 2.6a1.3 1.3 0 1 0 0-2.6zM15.8 13a1.3 1.3 0 1 0 0 2.6a1.3 1.3 0 1 0 0-2.6z
		M6.8 17.6h2.6l-2.2 4.8h-2.6zM14.6 17.6h2.6l2.2 4.8h-2.6z`,
	Flower: `M12 1a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 1 1 0-9.4zM18 5.4a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 1 1 0-9.4z
		M15.7 12.5a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 1 1 0-9.4zM8.3 12.5a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 1 1 0-9.4z
		M6 5.4a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 1 1 0-9.4z`,
	Music: `M7.4 4.6L21.2 1.8V6L7.4 8.8zM7.4 4.6h2.4v13.6h-2.4zM18.8 2.6h2.4v13h-2.4zM6.2 15.2a3.6 3.1 0 1 1 0 6.2a3.6 3.1 0 1 1 0-6.2z
		M17.6 12.6a3.6 3.1 0 1 1 0 6.2a3.6 3.1 0 1 1 0-6.2z`,
	OpenBook: `M1.6 4.6c3.2-1.3 6.4-1.2 9.5.6v15.6c-3.1-1.8-6.3-1.9-9.5-.6zM22.4 4.6v15.6c-3.2-1.3-6.4-1.2-9.5.6v-15.6
		c3.1-1.8 6.3-1.9 9.5-.6z`,
	Ball: `M12 1.4a10.6 10.6 0 1 1 0 21.2a10.6 10.6 0 1 1 0-21.2zM12 3.4a8.6 8.6 0 1 0 0 17.2a8.6 8.6 0 1 0 0-17.2z
		M12 6.6L17.1 10.3L15.2 16.4H8.8L6.9 10.3zM11 2.4h2v6h-2zM20.7 8.2L21.3 10.1L15.8 11.9L15.2 10zM18.2 18.6L16.6 19.8L13.2 15.1L14.8 13.9z
		M7.4 19.8L5.8 18.6L9.2 13.9L10.8 15.1zM2.7 10.1L3.3 8.2L8.8 10L8.2 11.9z`,
	Leaf: `M3 21.8C1.6 10.4 8 2.6 21.6 2.2C22.6 14.6 16.4 20.6 7.2 19.6L5.2 22.4zM8.2 17.2L16.6 9.2L15.2 7.6L6.8 15.6z`,
	Moon: `M21.6 14.2L20.4 17.2A10 10 0 1 1 8.2 2.6L11.2 2A8.4 8.4 0 0 0 21.6 14.2z`,
	Sun: `M12 7.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 1 1 0-9.6zM11 1h2v4.4h-2zM11 18.6h2v4.4h-2zM1 11h4.4v2H1zM18.6 11h4.4v2h-4.4z
		M18.9 3.7L20.3 5.1L17.2 8.2L15.8 6.8zM20.3 18.9L18.9 20.3L15.8 17.2L17.2 15.8zM5.1 20.3L3.7 18.9L6.8 15.8L8.2 17.2z
		M3.7 5.1L5.1 3.7L8.2 6.8L6.8 8.2z`,
}

// drawnIcons keeps every icon at the sizes asked for; a schema offers few.
var drawnIcons sync.Map // of iconKey to *glyph

type iconKey struct {
	id IconID
	em Micron
}

// drawIcon returns an icon as a glyph of the given size.
func drawIcon(id IconID, em Micron) (*glyph, error) {
	if g, drawn := drawnIcons.Load(iconKey{id, em}); drawn {
		return g.(*glyph), nil
	}
	g, err := drawPath(icons[id], em)
	if err != nil {
		return nil, err
	}
	drawnIcons.Store(iconKey{id, em}, g)
	return g, nil
}

// drawPath flattens path data in a square of IconSide to the given size.
func drawPath(data string, em Micron) (*glyph, error) {
	segments, err := parsePath(strings.Join(strings.Fields(data), " "), IconSide)
	if err != nil {
		return nil, err
	}
	return drawGlyph(slices.Clip(segments), em, IconSide), nil
}
