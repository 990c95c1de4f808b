package tag

// A spinner is printed in one go: a window in the plate, and in it a pumpkin that turns on two cones. The cones lie in the middle of
// the thickness and widen by 45°, which prints without support; each has a hollow of the same form around it, farther out by
// coneGap along the axis, so that a pumpkin pushed to one side is still held at the other.
const (
	spinThickness = 5 * Millimeter
	spinLayer     = 200  // of the cones' steps: one printed layer
	spinWall      = 3600 // of plate around the window: the hollow, and what is behind it
	minSpin       = 28 * Millimeter
	maxSpin       = 40 * Millimeter
	coneLength    = 2400 // and radius where it stands on the pumpkin
	coneGap       = 900  // between cone and hollow along the axis, 0.64 mm across
	spinGap       = 1000 // between the window and the ends of the pumpkin
)

// spinLevels are the heights between the printed layers of a spinner, up to the last below its upper face.
func spinLevels() (all []Micron) {
	for z := Micron(0); z < spinThickness; z += spinLayer {
		all = append(all, z)
	}
	return all
}

// pumpkinPath is a pumpkin with a face in a square of IconSide. It ends in a flat stem and a flat foot, on which the cones stand, at
// 0 and 24.
const pumpkinPath = `M9.4 0H14.6V3.1C15.8 2.5 17 2.5 18 3.2C20.8 4 22 7.8 22 11.6C22 16.2 20.2 20 17.6 20.8C16.6 21.7 15.6 22 14.6 21.6V24H9.4V21.6
	C8.4 22 7.4 21.7 6.4 20.8C3.8 20 2 16.2 2 11.6C2 7.8 3.2 4 6 3.2C7 2.5 8.2 2.5 9.4 3.1z
	M7.9 7.2L5.6 11H10.2zM16.1 7.2L13.8 11H18.4zM5.4 13.4L6.6 16.9L9 18.5V16.9H11V19H13V16.9H15V18.5L17.4 16.9L18.6 13.4L15.4 14.6H8.6z`

// spinner adds a window of a diameter about a point, and a pumpkin in it.
func (d *drawing) spinner(center point, diameter Micron) {
	d.reversed(circle(center, float64(diameter)/2), plateLayer)
	pumpkin, err := drawPath(pumpkinPath, diameter-2*spinGap)
	if err != nil {
		panic(err) // the path is a constant, and a test draws it
	}
	middle := int32(diameter-2*spinGap) / 2
	for _, contour := range pumpkin.contours { // the face runs against the outline
		d.polygon(contour, point{center.x - middle, center.y - middle}, plateLayer)
	}
	for _, up := range []int32{1, -1} {
		foot := point{center.x, center.y + up*middle}
		for _, offset := range spinOffsets() {
			d.cut(foot, up, cone{coneLength, offset, -spinGap / 5}, pivotLayer) // sunk into the foot, so that both are one
			d.cut(foot, up, cone{coneLength + coneGap, offset, spinGap / 2}, socketLayer)
		}
	}
}

// spinOffsets are the distances of the printed layers from the cones' axis.
func spinOffsets() (all []Micron) {
	for z := Micron(0); z < coneLength+coneGap; z += spinLayer {
		all = append(all, z)
	}
	return all
}

// cone is what a printed layer, in a distance from the axis, cuts from a cone of a length; what lies before from is left out.
type cone struct{ length, offset, from Micron }

// cut adds the cut of a cone that stands on a foot and points up or down: the inside of a hyperbola. The cuts of farther layers lie
// within those of nearer ones.
func (d *drawing) cut(foot point, up int32, c cone, l layer) {
	tip := c.length - c.offset
	if tip <= c.from {
		return
	}
	const steps = 8
	var contour []point
	for i := range 2*steps + 1 {
		along := c.from + (tip-c.from)*Micron(steps-max(i-steps, steps-i))/steps
		width := int32(leg(c.length-along, c.offset))
		if i > steps {
			width = -width
		}
		contour = append(contour, point{foot.x + width, foot.y + up*int32(along)})
	}
	if area(contour) > 0 {
		d.polygon(contour, point{}, l)
	} else {
		d.reversed(contour, l)
	}
}

// spinning fills the slabs of a place where cones and hollows lie over each other. The winding number of each is how many of their
// cuts hold the place, which are those nearest to the axis.
func spinning(w winding, plate uint32) uint32 {
	var fill uint32
	if w[plateLayer] > 0 {
		fill = plate &^ nearAxis(w[socketLayer])
	}
	return fill | nearAxis(w[pivotLayer])
}

// nearAxis are the slabs of the cuts nearest to the axis: the one in the middle, and further ones on both sides.
func nearAxis(cuts int16) uint32 {
	const middle = int(spinThickness) / spinLayer / 2
	if cuts <= 0 {
		return 0
	}
	n := min(int(cuts), middle+1)
	return (1<<(2*n-1) - 1) << (middle + 1 - n)
}
