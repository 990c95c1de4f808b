package tag

// Mesh is a closed surface of triangles, counter-clockwise seen from outside.
type Mesh struct {
	Name      string      // of the object in files that have one
	Vertices  [][3]int32  // in µm, z up; the lower left corner of the bounding box is at 0, 0, 0
	Triangles [][3]uint32 // indices of vertices
	TextStart int         // triangles from here on lie above the plate and have the text's color
}
