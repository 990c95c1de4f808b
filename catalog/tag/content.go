package tag

// content is what stands on a plate: the lines, and an icon left of them or above them.
type content struct {
	lines                 []setLine
	sizes                 []line
	textWidth, textHeight Micron
	icon                  *glyph // nil for none
	iconEm                Micron
	above                 bool // the icon stands above the text
}

// compose sets the lines and draws the icon of a Spec.
func (t *typeface) compose(p *pen, s Spec) (content, error) {
	c := content{sizes: s.lines(), iconEm: s.iconEm(), above: s.Shape == Round}
	for i, l := range c.sizes {
		set, err := t.set(p, l, s.Tracking)
		if err != nil {
			return c, ofLine(err, i)
		}
		if err := thinnest(set, l); err != nil {
			return c, err
		}
		if i > 0 {
			c.textHeight += lineGap(l.em)
		}
		c.lines = append(c.lines, set)
		c.textWidth = max(c.textWidth, Micron(set.ink.max.x-set.ink.min.x))
		c.textHeight += lineHeight(set, l.em)
	}
	if s.Icon == "" {
		return c, nil
	}
	var err error
	c.icon, err = drawIcon(s.Icon, s.iconEm())
	return c, err
}

// ofLine adds to a refusal which line it is about.
func ofLine(err error, line int) error {
	switch e := err.(type) {
	case *MissingGlyphsError:
		e.Line = line
	case *TooLongError:
		e.Line = line
	}
	return err
}

// lineHeight is the em, or more for ink that is higher.
func lineHeight(set setLine, em Micron) Micron { return max(em, Micron(set.ink.max.y-set.ink.min.y)) }

func lineGap(em Micron) Micron { return em / 4 }

// iconGap is the distance between icon and text.
func (c *content) iconGap() Micron { return c.iconEm / 4 }

func (b box) width() Micron  { return Micron(b.max.x - b.min.x) }
func (b box) height() Micron { return Micron(b.max.y - b.min.y) }

// width and height are of the box that holds everything.
func (c *content) width() Micron {
	switch {
	case c.icon == nil:
		return c.textWidth
	case c.above:
		return max(c.textWidth, c.icon.bounds.width())
	}
	return c.textWidth + c.iconGap() + c.icon.bounds.width()
}

func (c *content) height() Micron {
	switch {
	case c.icon == nil:
		return c.textHeight
	case c.above:
		return c.textHeight + c.iconGap() + c.icon.bounds.height()
	}
	return max(c.textHeight, c.icon.bounds.height())
}

// row is a part of the content from side to side: how far it reaches from the middle, and its bounds below the content's top.
type row struct{ half, top, bottom Micron }

// rows lists the icon, if it stands above, and the lines.
func (c *content) rows() (rows []row) {
	var top Micron
	if c.icon != nil && c.above {
		rows = append(rows, row{c.icon.bounds.width() / 2, 0, c.icon.bounds.height()})
		top = c.icon.bounds.height() + c.iconGap()
	}
	for i, l := range c.lines {
		if i > 0 {
			top += lineGap(c.sizes[i].em)
		}
		high := lineHeight(l, c.sizes[i].em)
		rows = append(rows, row{l.ink.width() / 2, top, top + high})
		top += high
	}
	return rows
}

// each calls draw for every outline of the content and how it is to be moved, with the content in the middle of a box. Each line
// is in the middle of the text, the first on top.
func (c *content) each(in box, draw func(contour []point, move point)) {
	left := (in.min.x + in.max.x - int32(c.width())) / 2
	top := (in.min.y + in.max.y + int32(c.height())) / 2
	text := box{point{left, top - int32(c.height())}, point{left + int32(c.width()), top}}
	if c.icon != nil {
		b := c.icon.bounds
		middle := point{left + int32(b.width()/2), (text.min.y + text.max.y) / 2}
		if c.above {
			middle = point{(text.min.x + text.max.x) / 2, top - int32(b.height()/2)}
			text.max.y -= int32(b.height() + c.iconGap())
		} else {
			text.min.x += int32(b.width() + c.iconGap())
			text.max.y = (text.min.y + text.max.y + int32(c.textHeight)) / 2
		}
		for _, contour := range c.icon.contours {
			draw(contour, point{middle.x - (b.min.x+b.max.x)/2, middle.y - (b.min.y+b.max.y)/2})
		}
	}
	c.eachLine(text, draw)
}

func (c *content) eachLine(in box, draw func(contour []point, move point)) {
	top := in.max.y
	for i, l := range c.lines {
		if i > 0 {
			top -= int32(lineGap(c.sizes[i].em))
		}
		high := int32(lineHeight(l, c.sizes[i].em))
		move := point{
			(in.min.x + in.max.x - l.ink.min.x - l.ink.max.x) / 2,
			(2*top - high - l.ink.min.y - l.ink.max.y) / 2,
		}
		for _, g := range l.glyphs {
			for _, contour := range g.contours {
				draw(contour, point{move.x + g.at.x, move.y + g.at.y})
			}
		}
		top -= high
	}
}

// glyphs is the number of characters with ink, and of icons.
func (c *content) glyphs() (n int) {
	for _, l := range c.lines {
		n += len(l.glyphs)
	}
	if c.icon != nil {
		n++
	}
	return n
}
