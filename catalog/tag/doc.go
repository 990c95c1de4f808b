// Package tag turns a typed name into a printable solid: text is shaped and outlined with a whole font, the outlines are laid on a
// plate of some shape, and one exact integer subdivision of the plane gives union, triangulation and walls of a closed mesh. From
// that come STL, 3MF and GLB files, a rendered picture, and an instant estimate of print time and filament.
//
//	text → font (shape, outline) → layout → arrange → triangulate → field → mesh → stl, threemf, glb, png
//	icon → path                       ↓ ↑ offset         ↑  weld ↓
//	                                  shape, spin
//
// Lengths are whole micrometers (Micron) from the typed size to the last vertex, so the same Spec gives the same mesh on every
// machine, bit for bit.
//
// The package refuses to guess: a character the font cannot draw, a stroke too thin to print or a tag that
// does not fit the bed is an error that says so, never a box or a broken solid. It knows nothing of products, customers
// or prices, opens no file and no connection, and never normalizes the text it is given.
package tag
